import { openShop } from '../shop/server.ts';
import { version11 } from './version-1.ts';

openShop(version11);
