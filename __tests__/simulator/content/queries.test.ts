import { describe } from '@jest/globals';
import { probes } from './probe.ts';

const TWO =
  "create table a(id int primary key, n nvarchar(5)); create table b(id int primary key, aid int, x int); insert a values(1,N'one'),(2,N'two'); insert b values(1,1,10),(2,1,20),(3,9,30)\nGO\n";

describe('queries', () => {
  probes([
    [`${TWO}select a.id, b.x from a left join b on b.aid=a.id order by a.id, b.x`, '[1,10][1,20][2,null]'],
    [`${TWO}select a.id, b.id from a right join b on b.aid=a.id order by b.id`, '[1,1][1,2][null,3]'],
    [`${TWO}select a.id, b.id from a full join b on b.aid=a.id order by a.id, b.id`, '[null,3][1,1][1,2][2,null]'],
    [`${TWO}select a.id, v.x from a cross apply (select top 1 x from b where b.aid=a.id order by x desc) v`, '[1,20]'],
    [
      `${TWO}select a.id, v.x from a outer apply (select top 1 x from b where b.aid=a.id order by x desc) v order by a.id`,
      '[1,20][2,null]',
    ],
    [`${TWO}select n, (select sum(x) from b where aid=a.id) from a order by id`, '["one",30]["two",null]'],
    [`${TWO}select aid, count(*), sum(x), min(x) from b group by aid having count(*)>1`, '[1,2,30,10]'],
    [`${TWO}select n from a where exists(select 1 from b where aid=a.id)`, '["one"]'],
    [`${TWO}select n from a where id not in (select aid from b)`, '["two"]'],
    [
      `${TWO}select x, row_number() over(partition by aid order by x desc), sum(x) over(partition by aid) from b order by id`,
      '[10,"2",30][20,"1",30][30,"1",30]',
    ],
    [
      `${TWO}select x, rank() over(order by aid), lag(x) over(order by id) from b order by id`,
      '[10,"1",null][20,"1",10][30,"3",20]',
    ],
    [
      `${TWO}select case when (select checksum_agg(binary_checksum(*)) from b)=(select checksum_agg(binary_checksum(*)) from (select top 3 * from b order by id desc) c) then 1 end`,
      '[1]',
    ],
    [
      `${TWO}declare @s int=(select checksum_agg(binary_checksum(*)) from [b]); update b set x=11 where id=1; select case when @s=checksum_agg(binary_checksum(*)) then 'same' else 'other' end from b`,
      '["other"]',
    ],
    [`${TWO}delete b; select checksum_agg(binary_checksum(*)) from b`, '[null]'],
    [
      `${TWO}select sum(a.used_pages) from sys.allocation_units a join sys.partitions p on p.hobt_id=a.container_id where p.object_id=object_id('b')`,
      '["2"]',
    ],
    [`${TWO}select top 50 percent id from b order by id`, '[1][2]'],
    [`${TWO}select top 1 with ties aid from b order by aid`, '[1][1]'],
    [`${TWO}select id from b order by id desc offset 1 rows fetch next 1 rows only`, '[2]'],
    [`${TWO}select id from a union select aid from b order by 1 desc`, '[9][2][1]'],
    [`${TWO}select id from a except select aid from b; select id from a intersect select aid from b`, '[2] [1]'],
    ['with n as (select 1 x union all select x+1 from n where x<4) select sum(x) from n', '[10]'],
    ['with n as (select 1 x union all select x+1 from n) select count(*) from n', '530'],
    [`${TWO}select string_agg(n, ',') within group (order by id desc) from a`, '["two,one"]'],
    ["select value from string_split('a,b,c', ',')", '["a"]["b"]["c"]'],
    [`${TWO}update b set x=x+1 output deleted.x, inserted.x where id=1`, '[10,11]'],
    [`${TWO}delete b output deleted.id where aid=1`, '[1][2]'],
    [
      `${TWO}declare @t table(id int); insert a(id,n) output inserted.id into @t values(7,N'x'); select id from @t`,
      '[7]',
    ],
    [
      `${TWO}merge a t using (values(2,N'zwei'),(3,N'drei')) s(id,n) on s.id=t.id when matched then update set n=s.n when not matched then insert(id,n) values(s.id,s.n) output $action, inserted.id;select n from a order by id`,
      '["UPDATE",2]["INSERT",3] ["one"]["zwei"]["drei"]',
    ],
    [`${TWO}merge a t using b s on s.aid=t.id when matched then delete;`, '8672'],
    [`${TWO}update a set n=N'x' from a join b on b.aid=a.id; select n from a order by id`, '["x"]["two"]'],
    [`${TWO}declare @x int; update b set @x=x=x+5 where id=1; select @x`, '[15]'],
    [
      `${TWO}select id, n into c from a; insert c values(5,null); select count(*) from c; select is_nullable from sys.columns where object_id=object_id('c') order by column_id`,
      '[3] [0][1]',
    ],
    [
      `${TWO}create view v as select * from a\nGO\nalter table a add more int\nGO\nselect * from v`,
      '[1,"one"][2,"two"]',
    ],
    [`${TWO}select x.id from dbo.a as x inner join shop.dbo.b as y on y.aid=x.id where y.x=20`, '[1]'],
    [`${TWO}select ID from A where N=N'ONE'`, '[1]'],
    ["select case when 1=2 then 1 end, isnull(null,5), choose(2,'a','b')", '[null,5,"b"]'],
    ['select * from (values(1,2)) v(a,b) where (a=1 or b=9) and not (a=2)', '[1,2]'],
    [
      'create table t(id int primary key); insert t values(3),(1),(2); select id from t; select top 1 id from t',
      '[1][2][3] [1]',
    ],
    ['select count(*) from sys.objects; select count(*) from information_schema.tables', '[0] [0]'],
    [
      `${TWO}exec sp_helpindex 'a'`,
      '["PK__a__3214EC0701AFA789","clustered, unique, primary key located on PRIMARY","id"]',
    ],
    [`${TWO}insert bulk a (id int)`, '40000'],
    [`${TWO}update v set a=1 from (select 1 a) v`, '208'],
    [
      "declare @t table(id int identity primary key, n nvarchar(5) default N'x'); insert @t default values; insert @t(n) values(N'y'); update @t set n=N'z' where id=1; select * from @t",
      '[1,"z"][2,"y"]',
    ],
    ['create table t(a int, b as getdate())', '40000'],
    [
      "create type dbo.Name from nvarchar(20) not null\nGO\ncreate table t(a dbo.Name)\nGO\ninsert t values(null); insert t values(N'ok')",
      '515',
    ],
  ]);
});
