import { beside, onPlan, type Team } from './team.ts';

export const team: Team = {
  nr: 2,
  name: 'Northwind Parts',
  has: 'Xperience 13: live site and administration are two apps on one database, updated together; plan B1',
  from: 'azd',
  world: {
    arrange(parts) {
      onPlan(parts, 'B1', 'Basic');
      beside(parts, 'admin');
    },
  },
  writes: { 'plan-sku': 'S1', 'other-apps': 'admin = admin.zip' },
};
