import type { Edition } from '../shop/edition.ts';
import { oneOrder } from '../shop/one-order.ts';

/** The first release: an order has one `Customer`, a price is an amount of euros. Runs on schema 1. */
export const version1: Edition = {
  version: '1.0.0',
  schema: 1,
  look: { name: 'The Corner Shop', accent: '#2b6cb0', background: '#f7fafc' },
  async products(database) {
    const rows = await database.query('SELECT Id, Name, Price FROM Products ORDER BY Id');
    return rows.map((row) => ({ id: Number(row.Id), name: String(row.Name), price: `${Number(row.Price) / 100} €` }));
  },
  async orders(database) {
    const rows = await database.query(
      'SELECT TOP 20 Id, Customer, ProductId, Quantity FROM Orders ORDER BY CreatedAt DESC',
    );
    return rows.map((row) => ({
      id: String(row.Id),
      customer: String(row.Customer),
      productId: Number(row.ProductId),
      quantity: Number(row.Quantity),
    }));
  },
  placeOrder(database, order, instance) {
    return oneOrder(
      database.query(
        `INSERT INTO Orders (Id, Customer, ProductId, Quantity, Instance, CreatedAt)
VALUES (@id, @customer, @productId, @quantity, @instance, SYSUTCDATETIME())`,
        { ...order, instance },
      ),
    );
  },
};

/** A release of new looks only: it runs on schema 1, so going back from it needs no change of the database. */
export const version11: Edition = {
  ...version1,
  version: '1.1.0',
  look: { name: 'The Corner Shop', accent: '#6b46c1', background: '#faf5ff' },
};
