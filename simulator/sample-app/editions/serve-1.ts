import { openShop } from '../shop/server.ts';
import { version1 } from './version-1.ts';

openShop(version1);
