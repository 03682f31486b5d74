import { openShop } from '../shop/server.ts';
import { version2 } from './version-2.ts';

openShop(version2);
