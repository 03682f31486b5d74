import { succeeds, type Team } from './team.ts';

export const team: Team = {
  nr: 10,
  name: 'Todo Tram',
  has: 'ASP.NET Core and EF Core on S1, SQL login; zip to `staging`, `dotnet ef database update` on the runner',
  from: 'GitHub',
  world: { options: { connectionStringName: 'MyDbConnection' }, run: succeeds },
  writes: {
    'setup-command': 'dotnet tool update --global dotnet-ef',
    'migrate-command':
      'ConnectionStrings__MyDbConnection="$ZDD_CONNECTION_STRING_MYDBCONNECTION" ~/.dotnet/tools/dotnet-ef database update',
  },
};
