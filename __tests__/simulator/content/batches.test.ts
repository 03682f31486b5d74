import { describe } from '@jest/globals';
import { probes } from './probe.ts';

describe('a batch is compiled before any of it runs', () => {
  probes([
    [
      'create table t(a int)\nGO\ninsert t values(1); alter table t add b int; update t set b=a\nGO\nselect * from t',
      '207 ',
    ],
    ['create table t(a int); insert t values(1)\nGO\nif 1=0 select nope from t; select a from t', '207'],
    ['create table t(a int)\nGO\ninsert t values(1); select nope from t\nGO\nselect count(*) from t', '207 [0]'],
    ['create table t(a int); insert t values(1); select b from missing; select a from t', '208'],
    ['create table t(a int)\nGO\ninsert t values(1); select b from missing\nGO\nselect a from t', '208 [1]'],
    ['if 1=0 select b from missing; select 1', '[1]'],
    ['create table t(a int); create view v as select 1 a', '111'],
    ['select 1; create procedure p as select 1', '111'],
    ['select 1; selec 2', '102'],
    ['select 1; select @nope', '137'],
    ['declare @a int; declare @a int', '134'],
    ['create table #t(a int); insert #t values(1); select a from #t', '[1]'],
    ['create table t(a int)\nGO\ncreate procedure p as select nope from t', '207'],
    [
      'create procedure p as select a from later\nGO\ncreate table later(a int); insert later values(3)\nGO\nexec p',
      '[3]',
    ],
    ['create view v as select a from missing', '208'],
    ['select 1 with x as (select 1 a) select a from x', '319'],
    ['select 1; with x as (select 1 a) select a from x', '[1] [1]'],
    ['insert t values (1) insert t values (2) select count(*) from t', '208'],
    ['create table t(a int)\nGO\ninsert t values (1) insert t values (2) select count(*) from t', '[2]'],
    ['create table t(a int default 5)\nGO\ninsert t values (1), (default)\nselect a from t', '[1][5]'],
  ]);
});

describe('a statement that fails ends no more than it does on SQL Server', () => {
  probes([
    [
      'create table k(a int primary key)\nGO\ninsert k values(1); insert k values(1); insert k values(2); select a from k',
      '2627 [1][2]',
    ],
    [
      'create table k(a int primary key); insert k values(1)\nGO\nbegin tran; insert k values(3); insert k values(1); insert k values(4); commit\nGO\nselect a from k; select @@trancount',
      '2627 [1][3][4] [0]',
    ],
    [
      'create table k(a int primary key); insert k values(1)\nGO\nset xact_abort on; begin tran; insert k values(3); insert k values(1); insert k values(4); commit\nGO\nselect a from k; select @@trancount',
      '2627 [1] [0]',
    ],
    ['create table k(a int primary key)\nGO\ninsert k values(1),(2),(1); select count(*) from k', '2627 [0]'],
    [
      "create table k(a int)\nGO\nbegin tran; insert k values(1); insert k values('x'); insert k values(2)\nGO\nselect count(*), @@trancount from k",
      '245 [0,0]',
    ],
    ['select 1; select 1/0; select 2', '[1] 8134 [2]'],
    ["select 1; select cast('x' as int); select 2", '[1] 245'],
    ['begin tran; select * from missing\nGO\nselect @@trancount', '208 [1]'],
    [
      'create table t(a int)\nGO\nbegin tran; insert t values(1); create table t(a int)\nGO\nselect count(*), @@trancount from t',
      '2714 [0,0]',
    ],
    ['exec missing; select 1', '2812 [1]'],
    ["exec('select * from missing'); select 1", '208 [1]'],
    ["exec('selec 1 from'); select 1", '156 [1]'],
    ['commit; select 1', '3902 [1]'],
    ['rollback; select 1', '3903 [1]'],
    ["raiserror('no', 16, 1); select @@error; select @@error", '50000 [50000] [0]'],
    ["throw 50001, 'no', 1; select 1", '50001'],
    ["set xact_abort on; begin tran; raiserror('no',16,1); select @@trancount", '50000 [1]'],
    ["set xact_abort on; begin tran; throw 50001,'no',1\nGO\nselect @@trancount", '50001 [0]'],
    ["raiserror('only told', 10, 1); select @@error", '[0]'],
    ['begin tran; begin tran; commit; select @@trancount; rollback; select @@trancount', '[1] [0]'],
    [
      'create table t(a int); begin tran; insert t values(1); save tran s; insert t values(2); rollback tran s; insert t values(3); commit; select a from t',
      '[1][3]',
    ],
    [
      'create table t(a int); begin tran; save tran s; insert t values(2); rollback tran s; commit; select count(*), @@trancount from t',
      '[0,0]',
    ],
    ["begin tran; create table t(a int); rollback; select object_id('t')", '[null]'],
    ['declare @t table(a int); begin tran; insert @t values(1); rollback; select a from @t', '[1]'],
    ['create table #t(a int); begin tran; insert #t values(1); rollback; select count(*) from #t', '[0]'],
  ]);
});

describe('TRY and CATCH', () => {
  probes([
    [
      'begin try select 1/0 end try begin catch select error_number(), @@error, xact_state() end catch',
      '[8134,8134,0]',
    ],
    [
      'create table k(a int primary key)\nGO\nbegin tran; begin try insert k values(1); insert k values(1) end try begin catch select xact_state(), @@trancount; commit end catch\nGO\nselect a from k',
      '[1,1] [1]',
    ],
    [
      'set xact_abort on; create table k(a int primary key); begin tran; begin try insert k values(1); insert k values(1) end try begin catch select xact_state() ; rollback end catch; select count(*) from k',
      '[-1] [0]',
    ],
    [
      "begin tran; begin try select cast('x' as int) end try begin catch select xact_state(); commit end catch\nGO\nselect @@trancount",
      '[-1] 3930 [0]',
    ],
    [
      "create table t(a int); begin tran; begin try declare @a int = 'x' end try begin catch insert t values(1) end catch\nGO\nselect @@trancount",
      '3930 [0]',
    ],
    [
      "begin try raiserror('told', 16, 3) end try begin catch select error_message(), error_severity(), error_state() end catch",
      '["told",16,3]',
    ],
    [
      "begin try throw 50005,'x',2 end try begin catch select error_number(), error_state(); throw end catch; select 1",
      '[50005,2] 50005',
    ],
    ["begin try exec('select * from missing') end try begin catch select error_number() end catch", '[208]'],
    ['begin try select * from missing end try begin catch select error_number() end catch', '208'],
    [
      'begin try begin try select 1/0 end try begin catch throw end catch end try begin catch select error_number(), error_message() end catch',
      '[8134,"Divide by zero error encountered."]',
    ],
    [
      'create procedure p as select 1/0\nGO\nbegin try exec p end try begin catch select error_procedure(), error_number() end catch',
      '["p",8134]',
    ],
  ]);
});

describe('procedures give back what they return', () => {
  probes([
    [
      'create procedure p @a int, @b int output as set @b=@a*2\nGO\ndeclare @b int; exec p 21,@b output; select @b',
      '[42]',
    ],
    ['create procedure p as return 7\nGO\ndeclare @r int; exec @r=p; select @r', '[7]'],
    ['create procedure p @a int as select @a\nGO\nexec p', '201'],
    ['create procedure p @a int as select @a\nGO\nexec p 1,2', '8144'],
    ['create procedure p @a int as select @a\nGO\nexec p @b=2', '8145'],
    ["create procedure p @a int as select @a\nGO\nexec p 'x'", '8114'],
    [
      "declare @o int; exec sp_executesql N'set @x=@y+1', N'@y int, @x int output', @y=4, @x=@o output; select @o",
      '[5]',
    ],
    ["exec sp_executesql 'select 1'", '214'],
    [
      'create procedure p as select 1 union all select 2\nGO\ncreate table t(a int); insert t exec p; select a from t',
      '[1][2]',
    ],
    ['create procedure p as begin tran\nGO\nexec p; select @@trancount', '266 [1]'],
    ["declare @s nvarchar(100)=''; select @s=@s+x from (values(N'a'),(N'b')) v(x); select @s", '["ab"]'],
    ['declare @a int; select @a=x from (values(1),(3),(2)) v(x) order by x; select @a, @@rowcount', '[3,3]'],
    ['declare @i int=0; while @i<3 begin set @i+=1; if @i=2 continue; select @i end', '[1] [3]'],
    [
      'declare c cursor for select x from (values(1),(2)) v(x); declare @x int; open c; fetch next from c into @x; while @@fetch_status=0 begin select @x; fetch next from c into @x end; close c; deallocate c',
      '[1] [2]',
    ],
  ]);
});

describe('functions of the database', () => {
  probes([
    [
      'create function dbo.twice(@a int) returns int as begin declare @b int = @a*2; return @b end\nGO\nselect dbo.twice(x) from (values(1),(21)) v(x); select dbo.twice(null)',
      '[2][42] [null]',
    ],
    [
      'create function f(@a int) returns decimal(5,2) as begin if @a=0 return 0; return 10.0/@a end\nGO\nselect dbo.f(3), dbo.f(0)',
      '["3.33","0.00"]',
    ],
    [
      'create function f(@a int) returns int as begin return 1/@a end\nGO\nselect 1; select dbo.f(0); select 2',
      '[1] 8134 [2]',
    ],
    [
      'create table t(a int); insert t values(1),(2)\nGO\ncreate function f(@m int) returns table as return (select a, a*@m as b from t)\nGO\nselect b from f(10) where a=2; select v.b from t cross apply dbo.f(t.a) v order by v.b',
      '[20] [1][2][2][4]',
    ],
    ['create table t(a int)\nGO\ncreate function f() returns int as begin insert t values(1); return 1 end', '443'],
    ['create function f(@a int) returns int as begin return @a end\nGO\nselect dbo.f()', '313'],
    [
      "create function f() returns int as begin return 1 end\nGO\nselect object_id('f','FN')/object_id('f'); drop function f; drop function if exists f; select object_id('f')",
      '[1] [null]',
    ],
    ['create function f() returns @t table(a int) as begin return end', '40000'],
  ]);
});

describe('what is no T-SQL is refused with the number of SQL Server', () => {
  probes([
    ['select 1=1', '102'],
    ['select true', '207'],
    ['create table t(a boolean)', '2715'],
    ['create table t(a serial)', '2715'],
    ['create table t(a timestamptz)', '2715'],
    ['create table t(a varchar(9000))', '131'],
    ['create table t(a int)\nGO\ninsert into t values(1) returning a', '102'],
    ['create table t(a int)\nGO\ninsert into t values(1) on conflict do nothing', '156'],
    ['create table if not exists t(a int)', '156'],
    ['create table t(a int)\nGO\nselect a from t limit 1', '102'],
    ["select 'a' || 'b'", '102'],
    ["select * from (values('a')) v(x) where x glob 'a*'", '102'],
    ['select a, count(*) from (values(1)) v(a)', '8120'],
    ['select a from (values(1)) v(a) group by a having b=1', '207'],
    ['select a from (values(1,2)) v(a,b) group by a having b=1', '8121'],
    ['select a from (values(1,2)) v(a,b) group by a order by b', '8127'],
    ['select 1 where count(*)>1', '147'],
    ['select * from (select 1 a order by a) v', '1033'],
    ['select nope()', '195'],
    ['select dbo.nope(1)', '4121'],
    ['select len()', '174'],
    ['select a from (values(1)) v(a), (values(1)) w(a)', '209'],
    ['select x.a from (values(1)) v(a)', '4104'],
    ['select 1 union select 1,2', '205'],
    ['select (select 1,2)', '116'],
    ['select (select a from (values(1),(2)) v(a))', '512'],
    ['select distinct a from (values(1,2)) v(a,b) order by b', '145'],
    ['create table t(a int, b int)\nGO\ninsert t values(1)', '213'],
    ['create table t(a int, b int)\nGO\ninsert t(a,b) values(1)', '109'],
    ['create table t(a int, b int)\nGO\ninsert t(a) values(1,2)', '110'],
    ['create table t(a int, b int)\nGO\ninsert t(a,a) values(1,2)', '264'],
    ['create table t(a int)\nGO\nupdate t set nope=1', '207'],
    ['create table t(order int)', '156'],
    ['select * from t where', '102'],
    ["select 'abc", '105'],
    ['use otherdb', '40508'],
    [
      'set quoted_identifier off\nGO\nselect 1 as [a]\nGO\nselect 1 as "a"\nGO\nset quoted_identifier on\nGO\nselect 1 as "a"',
      '[1] 40000 [1]',
    ],
    ['set ansi_nulls off', '40000'],
    ['select * from otherdb.dbo.t', '40515'],
    ['create trigger tr on t after insert as select 1', '40000'],
    ['select 1 for json path', '40000'],
    ["begin try select soundex('a') end try begin catch select 1 end catch", '40000'],
    ["waitfor delay '00:00:01'", '40000'],
    ['create table t(a xml)', '40000'],
    ["select getdate() at time zone 'UTC'", '40000'],
  ]);
});
