import { deepEqual, equal, rejects } from 'node:assert/strict';

/** TypeORM: its schema made from entities and found to be what it wanted, a migration up and down. */
export async function checkTypeorm(load: NodeJS.Require, port: number): Promise<void> {
  const typeorm = load('typeorm');
  const User = new typeorm.EntitySchema({
    name: 'AppUser',
    columns: {
      id: { type: Number, primary: true, generated: true },
      email: { type: String, length: 100, unique: true },
      balance: { type: 'decimal', precision: 12, scale: 2, default: 0 },
      active: { type: Boolean, default: true },
      at: { type: 'datetime2', createDate: true },
      ref: { type: 'uniqueidentifier', generated: 'uuid' },
      version: { type: Number, version: true },
    },
    relations: { posts: { type: 'one-to-many', target: 'Post', inverseSide: 'user' } },
  });
  const Post = new typeorm.EntitySchema({
    name: 'Post',
    columns: { id: { type: Number, primary: true, generated: true }, title: { type: String, nullable: true } },
    relations: { user: { type: 'many-to-one', target: 'AppUser', inverseSide: 'posts', onDelete: 'CASCADE' } },
  });
  const source = new typeorm.DataSource({
    type: 'mssql',
    host: 'localhost',
    port,
    username: 'admin123',
    password: 'p',
    database: 'shop',
    options: { encrypt: true, trustServerCertificate: true },
    entities: [User, Post],
    migrations: [migration(typeorm)],
  });
  await source.initialize();
  try {
    await source.synchronize();
    deepEqual((await source.driver.createSchemaBuilder().log()).upQueries, []);
    const [users, posts] = [source.getRepository(User), source.getRepository(Post)];
    await users.save({ email: 'a@x', balance: 1.5 });
    await posts.save({ title: 't', user: { id: 1 } });
    const [found] = await users.find({ relations: { posts: true } });
    deepEqual([found.balance, found.posts.length], [1.5, 1]);
    await rejects(users.insert({ email: 'a@x' }), { number: 2627 });
    await users.upsert({ email: 'a@x', balance: 9 }, ['email']);
    await users.remove(await users.findOneBy({ id: 1 }));
    equal(await posts.count(), 0);
    equal((await source.runMigrations({ transaction: 'all' })).length, 1);
    await source.undoLastMigration();
    await source.dropDatabase();
  } finally {
    await source.destroy();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: TypeORM is not installed here, so neither are its types
function migration({ Table, TableColumn, TableForeignKey, TableIndex }: any): unknown {
  return class Things1700000000001 {
    name = 'Things1700000000001';
    // biome-ignore lint/suspicious/noExplicitAny: as above
    async up(runner: any): Promise<void> {
      const id = { name: 'id', type: 'int', isPrimary: true, isGenerated: true, generationStrategy: 'increment' };
      const name = { name: 'name', type: 'nvarchar', length: '50', default: "'x'" };
      await runner.createTable(
        new Table({ name: 'things', columns: [id, name, { name: 'owner', type: 'int', isNullable: true }] }),
        true,
      );
      await runner.addColumn('things', new TableColumn({ name: 'size', type: 'int', isNullable: true }));
      await runner.createIndex('things', new TableIndex({ name: 'ix_size', columnNames: ['size'] }));
      await runner.createTable(new Table({ name: 'owners', columns: [{ name: 'id', type: 'int', isPrimary: true }] }));
      const key = {
        name: 'fk_owner',
        columnNames: ['owner'],
        referencedTableName: 'owners',
        referencedColumnNames: ['id'],
      };
      await runner.createForeignKey('things', new TableForeignKey(key));
      await runner.changeColumn('things', 'name', new TableColumn({ ...name, length: '80', isNullable: true }));
      await runner.renameColumn('things', 'size', 'width');
      await runner.query("INSERT INTO things (name, width) VALUES ('a', 1)");
    }
    // biome-ignore lint/suspicious/noExplicitAny: as above
    async down(runner: any): Promise<void> {
      await runner.dropForeignKey('things', 'fk_owner');
      await runner.dropTable('owners');
      await runner.dropColumn('things', 'width');
      await runner.dropTable('things');
    }
  };
}
