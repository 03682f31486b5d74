import { describe } from '@jest/globals';
import { probes } from './probe.ts';

describe('what depends on a column or table keeps it from being changed', () => {
  probes([
    ['create table t(a int, b int default 0)\nGO\nalter table t drop column b', '5074 4922'],
    ['create table t(a int, b int check (b>0))\nGO\nalter table t drop column b', '5074 4922'],
    ['create table t(a int, b int)\nGO\ncreate index ix on t(b)\nGO\nalter table t drop column b', '5074 4922'],
    [
      'create table p(id int primary key)\nGO\ncreate table t(a int, b int references p)\nGO\nalter table t drop column b',
      '5074 4922',
    ],
    ['create table t(a int, b as a+1)\nGO\nalter table t drop column a', '5074 4922'],
    ['create table t(a int)\nGO\nalter table t drop column a', '4923'],
    ['create table t(a int)\nGO\nalter table t drop column x', '4924'],
    ['create table t(a int, b int)\nGO\nalter table t drop column if exists x, b\nGO\nselect * from t', ''],
    ['create table t(a int default 0)\nGO\nalter table t alter column a bigint', '5074 4922'],
    ["create table t(a nvarchar(5) default N'x')\nGO\nalter table t alter column a nvarchar(50)", ''],
    ['create table t(a int primary key)\nGO\nalter table t alter column a bigint not null', '5074 4922'],
    ['create table t(a int check(a>0))\nGO\nalter table t alter column a bigint', '5074 4922'],
    [
      "create table t(a nvarchar(10)); insert t values('abcdef')\nGO\nalter table t alter column a nvarchar(3)\nGO\nselect a from t",
      '2628 ["abcdef"]',
    ],
    ["create table t(a nvarchar(10)); insert t values('abc')\nGO\nalter table t alter column a int", '245'],
    [
      "create table t(a nvarchar(10)); insert t values('12')\nGO\nalter table t alter column a int\nGO\nselect a+1 from t",
      '[13]',
    ],
    ['create table t(a int); insert t values(null)\nGO\nalter table t alter column a int not null', '515'],
    ['create table p(id int primary key); create table c(pid int references p)\nGO\ndrop table p', '3726'],
    ['create table p(id int primary key); create table c(pid int references p)\nGO\ntruncate table p', '4712'],
    [
      'create table p(id int primary key, x int); insert p values(1,1); create table c(pid int references p); insert c values(1)\nGO\nalter table p alter column x bigint\nGO\nselect x from p',
      '["1"]',
    ],
    ['create table c(pid int references nope)', '1767 1750'],
    ['create table p(id int); create table c(pid int references p(id))', '1776 1750'],
    ['create table p(id int primary key); create table c(pid bigint references p(id))', '1778 1750'],
    ['create table p(id int); create table c(pid int references p)', '1773 1750'],
    [
      'create table p(id int primary key); create table c(a int references p on delete cascade, b int references p on delete cascade)',
      '1785 1750',
    ],
    ['create table p(id int primary key constraint pk); drop table p', '102'],
    [
      'create table p(id int constraint pk primary key); create table c(pid int constraint fk references p)\nGO\nalter table p drop constraint pk',
      '3725 3727',
    ],
    ['create table t(a int)\nGO\nalter table t drop constraint nope', '3728 3727'],
    ['create table t(a int, a int)', '2705'],
    ['create table t(a int)\nGO\nalter table t add A int', '2705'],
    ['create table t(a int)\nGO\ncreate table t(a int)', '2714'],
    ['create table t(a foo)', '2715'],
    ['create table t(a int constraint c primary key); create table u(a int constraint c primary key)', '2714'],
    ['create table t(a int null primary key)', '8111 1750'],
    ['create table t(a nvarchar(max) primary key)', '1919 1750'],
    ['create table t(a int primary key, b int primary key)', '8110'],
    ['alter table nope add a int', '4902'],
    ['create index ix on nope(a)', '1088'],
    ['create table t(a int)\nGO\ncreate index ix on t(x)', '1911'],
    ['create table t(a int); create index ix on t(a)\nGO\ncreate index ix on t(a)', '1913'],
    ['drop table nope; select 1', '3701 [1]'],
    ['create table t(a int); drop index nope on t; select 1', '3701 [1]'],
    [
      'drop table if exists nope; drop view if exists nope; drop procedure if exists nope; drop schema if exists nope; select 1',
      '[1]',
    ],
    [
      'create table t(a int); create index ix on t(a); drop index if exists ix on t; drop index if exists ix on t; drop table if exists t; select 1',
      '[1]',
    ],
    ['create table x.t(a int)', '2760'],
    [
      'create schema x\nGO\ncreate table x.t(a int)\nGO\ninsert x.t values(1); select a from x.t; select a from shop.x.t\nGO\ndrop schema x',
      '[1] [1] 3729',
    ],
  ]);
});

describe('rows are held to what is defined', () => {
  probes([
    ['create table t(a int check (a>0)); insert t values(0); insert t values(null); select a from t', '547 [null]'],
    [
      'create table p(id int primary key); create table c(pid int references p); insert c values(1); insert c values(null); insert p values(1); insert c values(1); delete p; update p set id=2',
      '547 547 547',
    ],
    [
      'create table p(id int primary key); create table c(pid int references p on delete cascade on update cascade); insert p values(1),(2); insert c values(1),(2); delete p where id=1; update p set id=5; select pid from c',
      '[5]',
    ],
    [
      'create table p(id int primary key); create table c(pid int default 9 references p on delete set null); insert p values(1); insert c values(1); delete p; select pid from c',
      '[null]',
    ],
    [
      'create table t(id int primary key, boss int references t); insert t values(1,1),(2,1); delete t where id=1; select count(*) from t',
      '547 [2]',
    ],
    [
      'create table t(id int primary key); insert t values(1),(2),(3); update t set id=id+1; select id from t',
      '[2][3][4]',
    ],
    [
      'create table t(a int); insert t values(-1)\nGO\nalter table t add constraint ck check(a>0)\nGO\nalter table t add b int\nGO\nselect b from t',
      '547 [null]',
    ],
    [
      'create table t(a int); insert t values(-1)\nGO\nalter table t with nocheck add constraint ck check(a>0)\nGO\ninsert t values(-2)',
      '547',
    ],
    ['create table t(a int); insert t values(1)\nGO\nalter table t add b int default 5\nGO\nselect b from t', '[null]'],
    [
      'create table t(a int); insert t values(1)\nGO\nalter table t add b int default 5 with values\nGO\nselect b from t',
      '[5]',
    ],
    [
      'create table t(a int); insert t values(1)\nGO\nalter table t add b int not null default 5\nGO\nselect b from t',
      '[5]',
    ],
    ['create table t(a int); insert t values(1)\nGO\nalter table t add b int not null', '4901'],
    ['create table t(a int)\nGO\nalter table t add b int not null\nGO\nselect b from t', ''],
    [
      'create table t(a int); insert t values(1)\nGO\nalter table t add b datetime not null default getutcdate()\nGO\nselect year(b) from t',
      '[1970]',
    ],
    [
      'create table t(a int, b as a*2 persisted); insert t values(4); select b from t; insert t(a,b) values(1,1)',
      '[8] 271',
    ],
    ['create table t(a int, v rowversion); insert t(a) values(1); select datalength(v) from t', '[8]'],
  ]);
});

describe('identity columns count as SQL Server counts', () => {
  probes([
    ['create table t(id int identity(1000,10), a int); insert t values(1),(2); select id from t', '[1000][1010]'],
    ['create table t(id int identity, a int); insert t(id,a) values(5,1)', '544'],
    ['create table t(id int identity, a int); insert t values(5,1)', '8101'],
    ['create table t(id int identity, a int); insert t values(1); update t set id=5', '8102'],
    [
      'create table t(id int identity, a int); set identity_insert t on; insert t(id,a) values(5,1); set identity_insert t off; insert t(a) values(2); select id from t',
      '[5][6]',
    ],
    ['create table t(id int identity, a int); set identity_insert t on; insert t(a) values(1)', '545'],
    [
      'create table t(id int identity, a int); create table u(id int identity); set identity_insert t on; set identity_insert u on',
      '8107',
    ],
    ['create table t(a int); set identity_insert t on', '8106'],
    [
      'create table t(id int identity, a int); begin tran; insert t(a) values(1); rollback; insert t(a) values(1); select id from t',
      '[2]',
    ],
    [
      'create table t(id int identity, a int not null); insert t(a) values(null); insert t(a) values(1); select id, scope_identity(), @@identity from t',
      '515 [2,"2","2"]',
    ],
    [
      "create table t(id int identity(5,5), a int); insert t(a) values(1); select ident_current('t'), ident_seed('t'), ident_incr('t')",
      '["5","5","5"]',
    ],
    [
      'create table t(id int identity, a int); insert t(a) values(1),(2); truncate table t; insert t(a) values(1); select id from t',
      '[1]',
    ],
    [
      'create table t(id int identity, a int); insert t(a) values(1),(2); delete t; insert t(a) values(1); select id from t',
      '[3]',
    ],
    [
      "create table t(id int identity, a int); dbcc checkident('t', reseed, 10); insert t values(1); dbcc checkident(t, reseed, 20) with no_infomsgs; insert t values(2); select id from t",
      '[10][21]',
    ],
    ["dbcc checkident('nope')", '2501'],
    ['create table t(id int identity null)', '8147'],
    ['create table t(id nvarchar(5) identity)', '2749'],
    [
      'create table t(a int); insert t values(7),(8)\nGO\nalter table t add id int identity(10,5)\nGO\ninsert t values(9); select * from t',
      '[7,10][8,15][9,20]',
    ],
    [
      'create sequence s as int start with 5 increment by 2; select next value for s, 1; select next value for s',
      '[5,1] [7]',
    ],
  ]);
});
