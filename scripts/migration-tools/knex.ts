import { deepEqual, equal, rejects } from 'node:assert/strict';

/** knex: two migrations up, reading and writing, and both down. */
export async function checkKnex(load: NodeJS.Require, port: number): Promise<void> {
  const options = { encrypt: true, trustServerCertificate: true };
  const connection = { server: 'localhost', port, user: 'admin123', password: 'p', database: 'shop', options };
  const knex = load('knex')({ client: 'mssql', connection, pool: { min: 0, max: 2 } });
  const migrationSource = {
    getMigrations: async () => [FIRST, SECOND],
    getMigrationName: (one: Migration) => one.name,
    getMigration: (one: Migration) => one,
  };
  try {
    deepEqual(await knex.migrate.latest({ migrationSource }), [1, ['1-users', '2-cities']]);
    deepEqual(await knex('users').select('id', 'email', 'balance', 'city').orderBy('id'), [
      { id: 1, email: 'a@x', balance: 1.5, city: 'Bonn' },
      { id: 2, email: 'b@x', balance: 0, city: 'Ulm' },
    ]);
    deepEqual(await knex('users').insert({ email: 'c@x' }).returning(['id', 'email']), [{ id: 3, email: 'c@x' }]);
    deepEqual(await knex('users').orderBy('id').limit(1).offset(1).select('email'), [{ email: 'b@x' }]);
    deepEqual(
      await knex('users')
        .where({ id: 1 })
        .update({ balance: knex.raw('balance / 2') }, ['balance']),
      [{ balance: 0.75 }],
    );
    await rejects(knex('users').insert({ email: 'a@x' }), { number: 2601 });
    await rejects(knex('posts').insert({ user_id: 99, title: 'x' }), { number: 547 });
    equal(await knex.schema.hasColumn('users', 'city'), true);
    deepEqual(await knex.migrate.rollback({ migrationSource }, true), [1, ['2-cities', '1-users']]);
    equal(await knex.schema.hasTable('users'), false);
  } finally {
    await knex.destroy();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: knex is not installed here, so neither are its types
type Knex = any;

interface Migration {
  readonly name: string;
  up(knex: Knex): Promise<unknown>;
  down(knex: Knex): Promise<unknown>;
}

const FIRST: Migration = {
  name: '1-users',
  async up(knex) {
    await knex.schema.createTable('users', (table: Knex) => {
      table.increments('id');
      table.string('email', 100).notNullable().unique();
      table.decimal('balance', 12, 2).defaultTo(0);
      table.boolean('active').notNullable().defaultTo(true);
      table.timestamps(true, true);
      table.uuid('ref');
      table.json('extra');
      table.text('bio');
    });
    await knex.schema.createTable('posts', (table: Knex) => {
      table.bigIncrements('id');
      table.integer('user_id').unsigned().references('users.id').onDelete('CASCADE');
      table.string('title');
      table.index(['title'], 'ix_title');
    });
  },
  async down(knex) {
    await knex.schema.dropTable('posts');
    await knex.schema.dropTable('users');
  },
};

const SECOND: Migration = {
  name: '2-cities',
  async up(knex) {
    await knex.schema.alterTable('users', (table: Knex) => {
      table.string('city').defaultTo('Bonn');
      table.renameColumn('bio', 'about');
      table.dropColumn('extra');
    });
    await knex('users').insert([
      { email: 'a@x', balance: 1.5 },
      { email: 'b@x', city: 'Ulm' },
    ]);
  },
  async down(knex) {
    await knex('users').delete();
    await knex.schema.alterTable('users', (table: Knex) => {
      table.dropColumn('city');
      table.renameColumn('about', 'bio');
      table.json('extra');
    });
  },
};
