using StackExchange.Redis;

namespace Rewas.Gateway.Quotas;

/// <summary>The connection to the Redis of the quotas. It is opened with the first use and comes back by itself.</summary>
/// <param name="address">HOST:PORT, with further settings separated by commas.</param>
sealed class QuotaStore(string address) : IAsyncDisposable
{
    /// <summary>
    /// A call waits a second at most for the store, before its gateway counts by itself. An address that names other times has them.
    /// </summary>
    const string Defaults = "asyncTimeout=1000,connectTimeout=1000";

    readonly Lazy<Task<ConnectionMultiplexer>> connection =
        new(() => ConnectionMultiplexer.ConnectAsync(Settings(address)));

    public static bool IsAddress(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <exception cref="RedisException">The store is away.</exception>
    public async Task<RedisResult> RunAsync(string script, RedisKey[] keys, RedisValue[] values) =>
        await (await connection.Value).GetDatabase().ScriptEvaluateAsync(script, keys, values);

    public async ValueTask DisposeAsync()
    {
        if (connection.IsValueCreated)
            await (await connection.Value).DisposeAsync();
    }

    static ConfigurationOptions Settings(string address)
    {
        var settings = ConfigurationOptions.Parse($"{Defaults},{address}");
        settings.AbortOnConnectFail = false;                                 // the store may start after its gateways
        settings.BacklogPolicy = BacklogPolicy.FailFast;                     // calls do not queue for a store that is away
        return settings;
    }
}
