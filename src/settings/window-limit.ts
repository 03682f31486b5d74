/** What happens when visitors have been read-only for longer than `max-read-only-minutes`. */
export const windowPolicies = ['warn', 'fail', 'rollback'] as const;
export type WindowPolicy = (typeof windowPolicies)[number];
