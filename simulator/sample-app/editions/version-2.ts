import type { Edition } from '../shop/edition.ts';
import { oneOrder } from '../shop/one-order.ts';

/**
 * The release with a database change: `Customer` became `CustomerName`, every price has its currency, and each order
 * is shipped. Version 1 cannot run on this schema, nor this one on schema 1.
 */
export const version2: Edition = {
  version: '2.0.0',
  schema: 2,
  look: { name: 'The Corner Shop & Sons', accent: '#2f855a', background: '#f0fff4' },
  async products(database) {
    const rows = await database.query('SELECT Id, Name, Price, Currency FROM Products ORDER BY Id');
    return rows.map((row) => ({
      id: Number(row.Id),
      name: String(row.Name),
      price: `${(Number(row.Price) / 100).toFixed(2)} ${row.Currency}`,
    }));
  },
  async orders(database) {
    const rows = await database.query(
      'SELECT TOP 20 Id, CustomerName, ProductId, Quantity FROM Orders ORDER BY CreatedAt DESC',
    );
    return rows.map((row) => ({
      id: String(row.Id),
      customer: String(row.CustomerName),
      productId: Number(row.ProductId),
      quantity: Number(row.Quantity),
    }));
  },
  async placeOrder(database, order, instance) {
    await oneOrder(
      database.query(
        `INSERT INTO Orders (Id, CustomerName, ProductId, Quantity, Instance, CreatedAt)
VALUES (@id, @customer, @productId, @quantity, @instance, SYSUTCDATETIME())`,
        { ...order, instance },
      ),
    );
    await oneOrder(
      database.query(`INSERT INTO Shipments (OrderId, Status) VALUES (@id, @status)`, {
        id: order.id,
        status: 'waiting',
      }),
    );
  },
};
