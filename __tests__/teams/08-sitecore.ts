import { beside, type Team } from './team.ts';

export const team: Team = {
  nr: 8,
  name: 'Atlas Insurance',
  has: 'Sitecore XM on Windows: content management, delivery and identity are three apps on core, master and web; packages at a URL',
  from: 'azd',
  world: {
    options: { databases: ['core', 'master', 'web'] },
    arrange: (parts) => beside(parts, 'cm', 'si'),
  },
  writes: { 'other-apps': 'cm = https://packages.example/cm.zip\nsi = https://packages.example/si.zip' },
  refused: {
    says: /other-apps is "cm = https:\/\/packages\.example/,
    servedBy: 'builds for other apps in `other-apps`, and strings of the content as `connection-string:` settings',
  },
};
