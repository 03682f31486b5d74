/** The ARM tag that says that a slot belongs to the action. */
export const SLOT_TAG = 'zdd-slot';

/** All tags of ours on databases. */
export const OUR_TAG = /^zdd-/;

/** On a restored database: the instant whose content it holds, and the attempt of the rollback that asked for it, or took it. */
export const RESTORED_TO = 'zdd-restored-to';
export const RESTORED_FOR = 'zdd-restored-for';

/** The value of a field that was cleared: tags are merged, and taking one away is a request of its own. */
export const NONE = '-';
