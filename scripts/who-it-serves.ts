import { teams } from '../__tests__/teams/all.ts';
import type { Team } from '../__tests__/teams/team.ts';

/** The page about the teams of the tests: what each has, writes and must change, and what becomes of it. */
export function whoItServes(): string {
  const served = teams.filter(({ refused }) => !refused);
  const asIs = served.filter(({ changes = [] }) => changes.length === 0);
  return `# Who it serves

Twenty-two teams, each put together after a real one that deploys a web app with a SQL database to App Service. Their names are invented.
Each is a test in \`__tests__/teams\`: its world in the simulator, what it would write, every change that it is told of, a whole
deployment and a way back. This page is made from those tests by \`npm run readme\`.

**${served.length} of ${teams.length} are served**, ${asIs.length} of them by inputs alone; ${teams.length === served.length ? 'none is refused' : `${teams.length - served.length} are refused before anything is changed, with the reason`}.

| | team | has | writes beside the app's name and package | must change | |
|---|---|---|---|---|---|
${teams.map(row).join('\n')}

Where it says Azure DevOps, the pipeline is that of [From Azure DevOps](azure-devops.md); elsewhere it is the reusable workflow.
Apps that \`other-apps\` names with \`stop\` are stopped for the window and are not deployed: their own pipelines do that, after \`complete\`.
The simulator's applications are abstract: what a platform itself does on a read-only database is told in
[Setting up each CMS](cms.md), and none of it was tried on a real Azure.
`;
}

function row({ nr, name, has, from, writes, changes = [], refused }: Team): string {
  const inputs = Object.keys(writes).filter((input) => writes[input] !== '');
  const cells = [
    String(nr),
    name,
    `${has} (${from})`,
    inputs.map((input) => `\`${input}\``).join(', ') || 'nothing',
    changes.map(({ what }) => what).join('; ') || (refused ? '' : 'nothing'),
    refused ? `**refused**; would be served by ${refused.servedBy}` : 'served',
  ];
  return `| ${cells.join(' | ')} |`;
}
