using Amazon.Runtime;
using Microsoft.Data.Sqlite;
using Npgsql;
using Rewas.Clip.Faults;
using Rewas.Store.Data;

namespace Rewas.Tests.Store;

/// <summary>A fault of a machine, a database or a store costs an attempt. Any other ends the work.</summary>
public sealed class PassingFaultTests
{
    const int Busy = 5, DiskFull = 13, Constraint = 19;                      // codes of SQLite

    public static TheoryData<Exception, bool> Failures() => new()
    {
        { new SqliteException("database is locked", Busy), true },
        { new SqliteException("database or disk is full", DiskFull), true },
        { new SqliteException("UNIQUE constraint failed", Constraint), false },
        { new NpgsqlException("Exception while connecting"), true },
        { new PostgresException("value too long", "ERROR", "ERROR", "22001"), false },
        { new PostgresException("the server is shutting down", "FATAL", "FATAL", "57P01"), true },
        { new IOException("no space left on device"), true },
        { new HttpRequestException("connection refused"), true },
        { new AmazonServiceException("503"), true },
        { new InputFault(FaultKind.Full, "disk", "is full"), true },
        { new InputFault(FaultKind.Environment, "ffmpeg", "is not there"), true },
        { InputFault.Invalid("steps", "must be at least 1"), false },
        { InputFault.NotFound("session", "there is no such session"), false },
        { new InvalidOperationException("a bug"), false },
        { new ClaimLostException(), false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Another_attempt_may_succeed(Exception failure, bool may) => Assert.Equal(may, PassingFault.Is(failure));

    [Fact]
    public void The_reason_is_one_line() => Assert.Equal("IOException: a b", PassingFault.Reason(new IOException("a\nb")));
}
