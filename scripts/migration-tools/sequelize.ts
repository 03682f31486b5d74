import { deepEqual, equal, rejects } from 'node:assert/strict';

/** sequelize: tables made, changed in every way that its query interface knows, used, and dropped. */
export async function checkSequelize(load: NodeJS.Require, port: number): Promise<void> {
  const { Sequelize, DataTypes } = load('sequelize');
  const dialectOptions = { options: { encrypt: true, trustServerCertificate: true } };
  const sequelize = new Sequelize('shop', 'admin123', 'p', {
    host: 'localhost',
    port,
    dialect: 'mssql',
    logging: false,
    dialectOptions,
  });
  try {
    const User = sequelize.define('User', {
      email: { type: DataTypes.STRING(100), allowNull: false, unique: true },
      balance: DataTypes.DECIMAL(12, 2),
      active: { type: DataTypes.BOOLEAN, defaultValue: true },
      born: DataTypes.DATEONLY,
      big: DataTypes.BIGINT,
      data: DataTypes.BLOB,
    });
    const Post = sequelize.define('Post', { title: DataTypes.STRING });
    User.hasMany(Post);
    Post.belongsTo(User);
    await sequelize.sync();
    await User.create({
      email: 'a@x',
      balance: '1.50',
      born: '2024-01-02',
      big: '9007199254740993',
      data: Buffer.from('hi'),
    });
    await User.bulkCreate([{ email: 'b@x' }, { email: 'c@x' }]);
    const found = await User.findAll({ order: ['id'], limit: 2, offset: 1, include: Post });
    deepEqual(
      found.map((user: { email: string }) => user.email),
      ['b@x', 'c@x'],
    );
    const { born, big, balance } = await User.findByPk(1);
    deepEqual({ born, big, balance }, { born: '2024-01-02', big: '9007199254740993', balance: 1.5 });
    await User.upsert({ email: 'a@x', balance: 7 });
    equal(await User.count(), 3);
    await rejects(User.create({ email: 'a@x' }), { name: 'SequelizeUniqueConstraintError' });
    await rejects(Post.create({ title: 'x', UserId: 99 }), { name: 'SequelizeForeignKeyConstraintError' });
    const transaction = await sequelize.transaction();
    await Post.create({ title: 'x', UserId: 1 }, { transaction });
    await transaction.rollback();
    equal(await Post.count(), 0);
    await change(sequelize.getQueryInterface(), DataTypes);
    await sequelize.drop();
    equal(await sequelize.getQueryInterface().tableExists('Users'), false);
  } finally {
    await sequelize.close();
  }
}

// biome-ignore lint/suspicious/noExplicitAny: sequelize is not installed here, so neither are its types
async function change(tables: any, DataTypes: any): Promise<void> {
  await tables.addColumn('Users', 'city', { type: DataTypes.STRING, defaultValue: '-', allowNull: false });
  await tables.changeColumn('Users', 'city', { type: DataTypes.STRING(300), allowNull: true });
  await tables.renameColumn('Users', 'city', 'town');
  await tables.addIndex('Users', ['town'], { name: 'ix_town' });
  equal((await tables.showIndex('Users')).length, 3);
  await tables.removeIndex('Users', 'ix_town');
  equal('town' in (await tables.describeTable('Users')), true);
  await tables.removeColumn('Users', 'town');
  await tables.addConstraint('Posts', { fields: ['title'], type: 'unique', name: 'uq_title' });
  await tables.removeConstraint('Posts', 'uq_title');
  equal((await tables.getForeignKeyReferencesForTable('Posts')).length, 1);
}
