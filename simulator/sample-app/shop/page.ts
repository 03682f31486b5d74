import type { Edition, Order, Product } from './edition.ts';

interface Frame {
  readonly edition: Edition;
  readonly readOnly: boolean;
}

export function productList(frame: Frame, products: readonly Product[]): string {
  const items = products.map(
    (product) => `<li><a href="/products/${product.id}">${text(product.name)}</a> <b>${text(product.price)}</b></li>`,
  );
  return page(frame, 'Our shop', `<ul>${items.join('')}</ul>`);
}

export function productPage(frame: Frame, product: Product): string {
  const disabled = frame.readOnly ? ' disabled' : '';
  return page(
    frame,
    product.name,
    `<p><b>${text(product.price)}</b></p>
<form method="post" action="/orders"><input type="hidden" name="productId" value="${product.id}">
<input name="customer" placeholder="Your name"${disabled}> <input name="quantity" type="number" value="1" min="1"${disabled}>
<button${disabled}>${frame.readOnly ? 'Ordering is paused' : 'Order'}</button></form>`,
  );
}

export function orderList(frame: Frame, orders: readonly Order[]): string {
  const rows = orders.map(
    (order) => `<tr><td>${text(order.id)}</td><td>${text(order.customer)}</td><td>${order.quantity}</td></tr>`,
  );
  return page(
    frame,
    'Latest orders',
    `<table><tr><th>Order</th><th>Customer</th><th>Quantity</th></tr>${rows.join('')}</table>`,
  );
}

export function messagePage(frame: Frame, title: string, message: string): string {
  return page(frame, title, `<p>${text(message)}</p>`);
}

function page(frame: Frame, title: string, body: string): string {
  const { look, version } = frame.edition;
  const banner = frame.readOnly
    ? '<p class="banner">We are updating the shop. You can look at everything; ordering is back in a few minutes.</p>'
    : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${text(title)}</title><style>
body{font:16px/1.5 system-ui,sans-serif;margin:0;background:${look.background};color:#222}
header,main,footer{padding:1rem 2rem}header{background:${look.accent};color:#fff}header a{color:#fff;margin-right:1rem}
.banner{background:#fff3cd;border-bottom:1px solid #e0c97f;margin:0;padding:.6rem 2rem}footer{color:#777;font-size:.8rem}
</style></head><body><header><b>${text(look.name)}</b> <a href="/">Products</a><a href="/orders">Orders</a></header>${banner}
<main><h1>${text(title)}</h1>${body}</main><footer>Version ${text(version)}</footer></body></html>`;
}

function text(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
