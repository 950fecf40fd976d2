using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rewas.Store.Data;

namespace Rewas.Tests.Store;

public sealed class DatabaseStartTests
{
    [Fact]
    public void A_server_that_cannot_be_reached_yet_is_tried_again()
    {
        var tries = 0;

        DatabaseRetry.AtStart(NullLogger.Instance).Execute(() =>
        {
            if (++tries < 3)
                OpenOnClosedPort();
        });

        Assert.Equal(3, tries);
    }

    [Fact]
    public void A_server_that_refuses_the_password_is_not_tried_again()
    {
        var tries = 0;

        Assert.Throws<PostgresException>(() => DatabaseRetry.AtStart(NullLogger.Instance).Execute(() =>
        {
            tries++;
            throw new PostgresException("password authentication failed", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword);
        }));

        Assert.Equal(1, tries);
    }

    static void OpenOnClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={port};Username=nobody");
        source.OpenConnection();
    }
}
