CREATE TABLE SchemaVersion (Version int NOT NULL PRIMARY KEY, AppliedAt datetime2 NOT NULL);
CREATE TABLE Products (Id int NOT NULL PRIMARY KEY, Name nvarchar(100) NOT NULL, Price int NOT NULL);
CREATE TABLE Orders (Id nvarchar(64) NOT NULL PRIMARY KEY, Customer nvarchar(100) NOT NULL, ProductId int NOT NULL, Quantity int NOT NULL, Instance nvarchar(100) NOT NULL, CreatedAt datetime2 NOT NULL);
CREATE TABLE Heartbeat (Id nvarchar(64) NOT NULL PRIMARY KEY, Source nvarchar(20) NOT NULL, Instance nvarchar(100) NOT NULL, At datetime2 NOT NULL);
INSERT INTO Products (Id, Name, Price) VALUES (1, N'Tea pot', 1950);
INSERT INTO Products (Id, Name, Price) VALUES (2, N'Wool socks', 1200);
INSERT INTO Products (Id, Name, Price) VALUES (3, N'Candle', 450);
INSERT INTO Products (Id, Name, Price) VALUES (4, N'Umbrella', 2490);
INSERT INTO SchemaVersion (Version, AppliedAt) VALUES (1, SYSUTCDATETIME());
