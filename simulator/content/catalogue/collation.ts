/** The collation of every text column. */
export const COLLATION_NAME = 'SQL_Latin1_General_CP1_CI_AS';
