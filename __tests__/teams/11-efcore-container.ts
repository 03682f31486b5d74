import { runsImage, succeeds, type Team } from './team.ts';

export const team: Team = {
  nr: 11,
  name: 'Todo Ferry',
  has: 'the same in a container: ACR image named by the commit, deployed to `staging` and swapped',
  from: 'GitHub',
  world: {
    options: { linux: true, connectionStringName: 'MyDbConnection' },
    run: succeeds,
    arrange: (parts) => runsImage(parts, 'web', 'todo.azurecr.io/todo'),
  },
  writes: {
    package: '',
    image: 'todo.azurecr.io/todo:2',
    'setup-command': 'dotnet tool update --global dotnet-ef',
    'migrate-command':
      'ConnectionStrings__MyDbConnection="$ZDD_CONNECTION_STRING_MYDBCONNECTION" ~/.dotnet/tools/dotnet-ef database update',
  },
};
