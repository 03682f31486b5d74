import { summaryOf } from '../../../src/summary/summary.ts';
import { rowsOf } from '../../model/sql/rows.ts';
import type { ProcessEnd } from '../action-process.ts';
import { databases, lineOf, namesakeOf } from '../facts.ts';
import type { Invariant } from '../invariant.ts';

/** Visitors' writes that an original took are under its name, unless a rollback went back to the recorded point and said so. */
export const acceptedWritesStay: Invariant = {
  name: 'accepted-writes-stay',
  holds:
    'No write that an original database accepted is missing, unless a rollback to the recorded point removed it and said so.',
  watch({ world, history, phase, mayLose, allows }) {
    const missing = () => {
      // Until deploy began nobody accepted a write that a restore to the point does not bring back.
      const begunAt = history.deployBegunAt ?? Number.POSITIVE_INFINITY;
      for (const original of history.originals) {
        const { name, databaseId } = original;
        const now = namesakeOf(world, original);
        if (now === undefined) continue;
        const content = world.sql.contents[now.contentId];
        const restoredTo = now.databaseId === databaseId ? undefined : content?.from?.at;
        const present = new Set(rowsOf(world, now.contentId).map((row) => row.id));
        const taken = lineOf(world, now.contentId);
        for (const write of history.accepted) {
          if (!taken.has(write.contentId) || present.has(write.id)) continue;
          if (restoredTo !== undefined && write.at > restoredTo && write.at >= begunAt) continue;
          return `write ${write.id} of ${new Date(write.at).toISOString()} is missing in ${name}`;
        }
      }
      return undefined;
    };
    const restoredElsewhere = () => {
      for (const original of history.originals) {
        const { name, databaseId } = original;
        const now = namesakeOf(world, original);
        if (now === undefined || now.databaseId === databaseId) continue;
        const at = world.sql.contents[now.contentId]?.from?.at;
        const point = Date.parse(history.rollbackPoint ?? '');
        if (at !== undefined && Math.abs(at - point) <= 1) continue;
        return `${name} was restored to ${at}, the recorded point is ${history.rollbackPoint}`;
      }
      return undefined;
    };
    const goneIds = () => {
      const [content] = history.originals.map((original) => namesakeOf(world, original)?.contentId);
      // Somebody has renamed or deleted it: nothing can be read of it.
      if (content === undefined) return [];
      const taken = lineOf(world, content);
      const present = new Set(rowsOf(world, content).map((row) => row.id));
      const gone = history.accepted.filter(({ id, contentId }) => taken.has(contentId) && !present.has(id));
      return gone.map(({ id }) => id);
    };
    const goneBefore = new Set(goneIds());
    /** A green rollback that took accepted writes away says so where people read. */
    const unsaid = ({ report }: ProcessEnd) => {
      if (phase !== 'rollback' || !report || report.failure) return undefined;
      const gone = goneIds();
      const agreed = (id: string) => mayLose || !id.startsWith('visit-') || goneBefore.has(id);
      const unasked = gone.find((id) => !agreed(id));
      if (unasked) return `write ${unasked} of a visitor was removed by a rollback, and nobody had agreed to that`;
      const [lost] = gone;
      if (lost === undefined || summaryOf(report).includes('what was written after')) return undefined;
      return `write ${lost} was removed by a rollback that does not say so`;
    };
    const nameless = () => history.originals.find((original) => namesakeOf(world, original) === undefined)?.name;
    // A look leaves a rollback where it was killed, be it between two renames; it must say so, and the next rollback end it.
    const isLook = phase === 'status' && allows.has('half-way');
    const untold = ({ report }: ProcessEnd) => {
      if (!isLook || !report || report.failure) return undefined;
      const lost = nameless();
      if (lost === undefined || summaryOf(report).includes('Somebody must act')) return undefined;
      return `no database is called ${lost} any more, and status does not say that somebody must act`;
    };
    return {
      ran: (end) => missing() ?? restoredElsewhere() ?? unsaid(end) ?? untold(end),
      end(isGreen) {
        const lost = isGreen && !isLook ? nameless() : undefined;
        if (lost !== undefined) {
          return `no database is called ${lost} any more: ${databases(world)
            .map(({ name }) => name)
            .join(', ')}`;
        }
        return missing() ?? restoredElsewhere();
      },
    };
  },
};
