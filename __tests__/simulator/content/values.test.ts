import { describe } from '@jest/globals';
import { probes } from './probe.ts';

describe('a value that does not fit its column is refused', () => {
  probes([
    ["create table t(a nvarchar(3)); insert t values(N'abcd'); select count(*) from t", '2628 [0]'],
    ["create table t(a nvarchar(3)); insert t values(N'abc   '); select a from t", '["abc"]'],
    ["create table t(a varchar(3)); insert t values('ab'); update t set a = a + 'cd'; select a from t", '2628 ["ab"]'],
    ["create table t(a int); insert t values('abc')", '245'],
    ["create table t(a int); insert t values('12abc')", '245'],
    ["create table t(a int); insert t values('12.5')", '245'],
    ["create table t(a int); insert t values(' 12 '); select a from t", '[12]'],
    ["create table t(a datetime2); insert t values('not a date')", '241'],
    ["create table t(a date); insert t values('01/05/2024'); select a from t", '["2024-01-05"]'],
    ["create table t(a date); insert t values('2024-02-30')", '241'],
    ["create table t(a datetime); insert t values('2024-02-30')", '242'],
    ["create table t(a datetime); insert t values('1700-01-01')", '242'],
    ["create table t(a smalldatetime); insert t values('x')", '295'],
    ["create table t(a uniqueidentifier); insert t values('nope')", '8169'],
    ['create table t(a smallint); insert t values(40000)', '220'],
    ['create table t(a tinyint); insert t values(-1)', '220'],
    ['create table t(a tinyint); insert t values(256)', '220'],
    ['create table t(a int); insert t values(2147483648)', '8115'],
    ["create table t(a int); insert t values('99999999999')", '248'],
    ["create table t(a smallint); insert t values('40000')", '244'],
    ["create table t(a bigint); insert t values('x')", '8114'],
    ["create table t(a time); insert t values('25:00')", '241'],
    ["create table t(a varbinary(10)); insert t values(N'text')", '257'],
    ['create table t(a varbinary(2)); insert t values(0x010203)', '2628'],
    ['create table t(a varbinary(4)); insert t values(1); select a from t', '["0x00000001"]'],
    ['create table t(a uniqueidentifier not null primary key); insert t values(null)', '515'],
    ['create table t(a decimal(5,2)); insert t values(12345.6)', '8115'],
    ["create table t(a decimal(5,2)); insert t values('1,5')", '8114'],
    ['create table t(a money); insert t values(1e20)', '8115'],
    ["create table t(a money); insert t values('x')", '235'],
    ['create table t(a date); insert t values(5)', '206'],
    ['create table t(a int); insert t values(getdate())', '257'],
    ['create table t(a int); insert t values(cast(getdate() as date))', '206'],
    ['create table t(a varchar(10)); insert t values(cast(1 as money))', '257'],
    ["select cast('2024-01-01' as date) + 1", '206'],
    ["select cast(cast('2024-01-01' as date) as int)", '529'],
    ['select cast(0x01 as float)', '529'],
    ['create table t(a bit); insert t values(2); select a from t', '[1]'],
    ["create table t(a bit); insert t values('true'),('FALSE'); select a from t", '[1][0]'],
    [
      "create table t(a char(5), b nchar(2)); insert t values('ab', N'x'); select a, b, datalength(a), datalength(b) from t",
      '["ab   ","x ",5,4]',
    ],
    ["create table t(a varchar(10)); insert t values(N'日本'); select a from t", '["??"]'],
    ['create table t(a varchar(20)); insert t values(cast(1.5 as decimal(5,2))); select a from t', '["1.50"]'],
  ]);
});

describe('exact numbers are exact', () => {
  probes([
    [
      'create table t(p decimal(10,2)); insert t values(0.10),(0.20); select sum(p) from t where 0.30 = (select sum(p) from t)',
      '["0.30"]',
    ],
    [
      'create table t(p decimal(20,4)); insert t values(12345678901234.5678); select p from t',
      '["12345678901234.5678"]',
    ],
    [
      'create table t(p decimal(38,0)); insert t values(99999999999999999999999999999999999999); select p from t',
      '["99999999999999999999999999999999999999"]',
    ],
    [
      'create table px(p decimal(10,2)); insert px values(25),(99); update px set p=p/2; select p from px',
      '["12.50"]["49.50"]',
    ],
    ['create table px(p decimal(10,2)); insert px values(99); select p*15/100 from px', '["14.850000"]'],
    ['select 10/4.0, 1.0/3, 2/3.0', '["2.500000","0.333333","0.666666"]'],
    ['select 1e0/4, cast(1 as float)/4', '[0.25,0.25]'],
    ['select cast(1 as decimal(10,2))/4', '["0.250000"]'],
    ['select 7/2, -7/2, 7%3, -7%3', '[3,-3,1,-1]'],
    ['select cast(5 as bigint)/2', '["2"]'],
    ['select 1/0', '8134'],
    ['select 1.0/0', '8134'],
    ['select 1e0/0', '8134'],
    ['select 5%0', '8134'],
    ['select 2147483647+1', '8115'],
    ['select cast(9223372036854775807 as bigint)', '["9223372036854775807"]'],
    ['select cast(9223372036854775807 as bigint)+1', '8115'],
    ['select cast(1.5 as decimal(5,2)), cast(cast(1.5 as decimal(5,2)) as varchar(10))', '["1.50","1.50"]'],
    ['select cast(2.345 as decimal(5,2)), cast(-2.345 as decimal(5,2))', '["2.35","-2.35"]'],
    ['select cast(2.9 as int), cast(-2.9 as int), cast(cast(2.9 as money) as int)', '[2,-2,3]'],
    ['select cast(1 as money)/3, cast(10.25 as money)*2', '["0.3333","20.5000"]'],
    ['select avg(a) from (values (1),(2)) v(a)', '[1]'],
    ['select avg(a*1.0) from (values (1),(2)) v(a)', '["1.500000"]'],
    ['select sum(a) from (values (2147483647),(1)) v(a)', '8115'],
    ['select sum(cast(a as bigint)) from (values (2147483647),(1)) v(a)', '["2147483648"]'],
    [
      'select round(2.5, 0), round(1234.567, 1), round(1234, -2), ceiling(1.2), floor(-1.2)',
      '["3.0","1234.600",1200,"2","-2"]',
    ],
    ['select abs(-5), sign(-2.5), power(2, 10)', '[5,"-1.0",1024]'],
    ['select -(-5), 0x10 + 1', '[5,17]'],
  ]);
});

describe('dates, GUIDs and bits are compared as themselves, however they were written', () => {
  probes([
    [
      "create table t(a datetime2); insert t values('2024-01-02T00:00:00'); select count(*) from t where a='2024-01-02'",
      '[1]',
    ],
    [
      "create table t(a datetime2); insert t values('2024-01-02T10:00'); select count(*) from t where a < '2024-01-02 11:00'",
      '[1]',
    ],
    ["create table t(b date); insert t values('2024-01-05'); select count(*) from t where b='20240105'", '[1]'],
    [
      "create table t(g uniqueidentifier); insert t values('0E984725-C51C-4BF4-9960-E1C80E27ABA0'); select count(*) from t where g='0e984725-c51c-4bf4-9960-e1c80e27aba0'",
      '[1]',
    ],
    [
      "select cast('2024-01-01 10:00:00.123' as datetime), cast('2024-01-01 10:00:00.999' as datetime)",
      '["2024-01-01 10:00:00.123","2024-01-01 10:00:01.000"]',
    ],
    ["select cast('2024-01-01 10:00:00.125' as datetime)", '["2024-01-01 10:00:00.127"]'],
    ["select cast('2024-01-01 10:00:30' as smalldatetime)", '["2024-01-01 10:01:00.000"]'],
    ["select cast('2024-01-01 10:00:00.6' as datetime2(0))", '["2024-01-01 10:00:01"]'],
    ["select cast('2024-01-01 10:00:00.1234567' as datetime)", '241'],
    [
      "select case when cast('2024-01-01T10:00:00+02:00' as datetimeoffset) = cast('2024-01-01T08:00:00Z' as datetimeoffset) then 1 else 0 end",
      '[1]',
    ],
    ["select cast('2024-01-01T10:00:00+02:00' as datetimeoffset(0))", '["2024-01-01 10:00:00 +02:00"]'],
    [
      "select convert(varchar(30), cast('2024-03-05 14:07:09.123' as datetime), 120), convert(varchar(8), cast('2024-03-05' as date), 112)",
      '["2024-03-05 14:07:09","20240305"]',
    ],
    ["select convert(varchar(30), cast('2024-03-05 14:07:00' as datetime))", '["Mar  5 2024  2:07PM"]'],
    [
      "select datediff(day, '2024-01-01 23:59', '2024-01-02 00:01'), datediff(month, '2024-01-31', '2024-02-01'), datediff(year, '2023-12-31', '2024-01-01')",
      '[1,1,1]',
    ],
    ["select dateadd(month, 1, cast('2024-01-31' as date)), eomonth('2024-02-10')", '["2024-02-29","2024-02-29"]'],
    [
      "select datename(month, '2024-03-05'), datename(weekday, '2024-03-05'), datepart(weekday, '2024-03-05')",
      '["March","Tuesday",3]',
    ],
    ['select dateadd(nope, 1, getdate())', '155'],
    ["select cast('12abc' as int)", '245'],
    ["select try_cast('12abc' as int), try_convert(date, 'x')", '[null,null]'],
  ]);
});

describe('text is text, compared as SQL_Latin1_General_CP1_CI_AS compares it', () => {
  probes([
    [
      "create table nm(f nvarchar(10), l nvarchar(10), n nvarchar(20)); insert nm(f,l) values(N'Ann',N'Lee'); update nm set n=f+l; select n from nm where f+l=N'annlee'",
      '["AnnLee"]',
    ],
    ["select 1+'1', '1'+1, '1'+'1'", '[2,2,"11"]'],
    ["select 'a'+1", '245'],
    ["select 'a'+null", '[null]'],
    ["select count(*) from (values ('a'),('A'),('a ')) v(x) where x='a'", '[3]'],
    ["select case when 'ä'='Ä' then 1 else 0 end, case when N'a'=N'ä' then 1 else 0 end", '[1,0]'],
    [
      "create table u(a nvarchar(5) unique); insert u values(N'ä'); insert u values(N'Ä'); insert u values(N'ä ')",
      '2627 2627',
    ],
    ['create table u(a int unique); insert u values(null); insert u values(null)', '2627'],
    ['create table u(a int); create unique index ix on u(a); insert u values(null); insert u values(null)', '2601'],
    [
      'create table u(a int); create unique index ix on u(a) where a is not null; insert u values(null); insert u values(null); insert u values(1); insert u values(1)',
      '2601',
    ],
    ['create table u(a int); insert u values(1),(1); create unique index ix on u(a)', '1505'],
    ["select x from (values ('b'),('A'),('a'),('B'),('_')) v(x) order by x", '["_"]["A"]["a"]["b"]["B"]'],
    ["select count(*) from (values ('a1'),('b2'),('c_')) v(x) where x like '[ab][0-9]'", '[2]'],
    ["select count(*) from (values ('a_'),('ab')) v(x) where x like 'a[_]'", '[1]'],
    ["select count(*) from (values ('a1'),('ab')) v(x) where x like 'a[^0-9]'", '[1]'],
    ["select count(*) from (values ('a%b'),('axb')) v(x) where x like 'a!%b' escape '!'", '[1]'],
    ["select replace('aAa','a','x'), substring('abc',-1,4), left('abc',2), right('abc',2)", '["xxx","ab","ab","bc"]'],
    ["select isnull(cast(null as varchar(2)),'abcd')", '["ab"]'],
    ["select coalesce(cast(null as varchar(2)),'abcd')", '["abcd"]'],
    ["select datalength('abc'), datalength(N'abc'), len('ab  '), datalength(cast('ab' as char(5)))", '[3,6,2,5]'],
    ["select charindex('B','abc'), reverse('abc'), stuff('abcd',2,2,'x'), replicate('ab',2)", '[2,"cba","axd","abab"]'],
    ["select concat('a',null,1), concat_ws('-','a',null,'b')", '["a1","a-b"]'],
    [
      'select cast(12345 as varchar(3)), cast(1.5e0 as varchar(10)), cast(1234567.8e0 as varchar(20))',
      '["*","1.5","1.23457e+006"]',
    ],
    ['select cast(12345 as nvarchar(3))', '8115'],
    ["declare @a varchar(3)='abcdef'; select @a", '["abc"]'],
    [
      "select format(1234.5,'N2'), format(cast('2024-03-05' as date),'yyyy-MM-dd'), format(7,'000')",
      '["1,234.50","2024-03-05","007"]',
    ],
    ["select quotename('a]b'), upper('aé'), ltrim('  a')", '["[a]]b]","AÉ","a"]'],
  ]);
});

describe('NULL is unknown', () => {
  probes([
    ['select 1 where 1 not in (2,null)', ''],
    ['select 1 where 1 in (1,null)', '[1]'],
    ['select 1 where null = null', ''],
    ['select 1 where not (null = 1)', ''],
    ['select 1 where null is null', '[1]'],
    ['select count(a), count(*) from (values (1),(null)) v(a)', '[1,2]'],
    ['select sum(a) from (select 1 a where 1=0) v', '[null]'],
    ['select a from (values (2),(null),(1)) v(a) order by a', '[null][1][2]'],
    ['select a, count(*) from (values (1),(null),(null)) v(a) group by a order by a', '[null,2][1,1]'],
    ['select nullif(1,1), nullif(1,2), iif(null=1,1,2)', '[null,1,2]'],
    ['select 1 where 1 > all (select a from (values (0),(null)) v(a))', ''],
  ]);
});
