using Grpc.Core;
using Grpc.Net.Client;
using Rewas.Hosting.Access;
using Rewas.Tests.Client;
using Rewas.Tests.Gateway;

namespace Rewas.Tests.Hosting.Access;

/// <summary>A gateway with a key file, in front of stage doubles.</summary>
sealed class GuardedGateway : IAsyncDisposable
{
    readonly TemporaryFolder folder = new();
    StageHost? stages;
    GatewayHost? gateway;

    public StageDoubles Doubles { get; init; } = new();

    public string KeysFilePath => folder.File("keys.json");

    public Uri Address => gateway!.Address;

    public HostLog Log => gateway!.Log;

    public static async Task<GuardedGateway> StartAsync(StageDoubles doubles, params (string Key, string Value)[] settings)
    {
        var stages = await StageHost.StartAsync(doubles);
        return await new GuardedGateway { Doubles = doubles, stages = stages }.StartGatewayAsync(stages.Address, settings);
    }

    /// <summary>Starts a gateway before stages that are there already.</summary>
    public static Task<GuardedGateway> StartBeforeAsync(StageDoubles doubles, Uri stages, params (string Key, string Value)[] settings) =>
        new GuardedGateway { Doubles = doubles }.StartGatewayAsync(stages, settings);

    public static Task<GuardedGateway> StartAsync(params (string Key, string Value)[] settings) => StartAsync(new StageDoubles(), settings);

    /// <summary>Adds a key to the file. The gateway may not have read it yet.</summary>
    public ApiKey Add(string caller, Func<KeyEntry, KeyEntry>? change = null)
    {
        var key = ApiKey.New();
        var entry = new KeyEntry
        {
            Id = key.Id,
            Caller = caller,
            Sha256 = Convert.ToHexStringLower(key.Hash()),
            Created = DateTimeOffset.UtcNow,
            Methods = ["*"],
        };
        KeysFile.Write(KeysFilePath, [.. KeysFile.Read(KeysFilePath), change?.Invoke(entry) ?? entry]);
        return key;
    }

    public Client With(string? authorization, params (string Key, string Value)[] headers) => new(Address, authorization, headers);

    public Client With(ApiKey key) => With($"Bearer {key.Text}");

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
            await gateway.DisposeAsync();
        if (stages is not null)
            await stages.DisposeAsync();
        folder.Dispose();
    }

    async Task<GuardedGateway> StartGatewayAsync(Uri before, (string Key, string Value)[] settings)
    {
        try
        {
            KeysFile.Write(KeysFilePath, []);
            gateway = await GatewayHost.StartAsync(_ => [before], [("Callers:KeysFile", KeysFilePath), .. settings]);
            return this;
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes calls with fixed headers.</summary>
    public sealed class Client : IDisposable
    {
        readonly Metadata headers = [];

        public Client(Uri address, string? authorization, params (string Key, string Value)[] more)
        {
            Channel = GrpcChannel.ForAddress(address);
            if (authorization is not null)
                headers.Add("authorization", authorization);
            foreach (var (key, value) in more)
                headers.Add(key, value);
        }

        public GrpcChannel Channel { get; }

        public CallOptions Options => new(headers, DateTime.UtcNow + SoundRequests.Patience);

        public Task<V1.DescribeResponse> DescribeAsync() =>
            new V1.Vocoder.VocoderClient(Channel).DescribeAsync(new(), Options).ResponseAsync;

        public async Task<RpcException> RefusedAsync() => await Assert.ThrowsAsync<RpcException>(DescribeAsync);

        public void Dispose() => Channel.Dispose();
    }
}
