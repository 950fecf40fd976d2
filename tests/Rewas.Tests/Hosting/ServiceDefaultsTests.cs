using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.Tests.Client;

namespace Rewas.Tests.Hosting;

public sealed class ServiceDefaultsTests
{
    [Fact]
    public async Task A_host_answers_for_its_health()
    {
        await using var host = await StageHost.StartAsync(new());
        using var channel = GrpcChannel.ForAddress(host.Address);

        var answer = await new Health.HealthClient(channel).CheckAsync(new());

        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task A_call_past_its_deadline_stops_in_the_service()
    {
        var doubles = new StageDoubles { BeforeSegments = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation) };
        await using var host = await StageHost.StartAsync(doubles);
        using var channel = GrpcChannel.ForAddress(host.Address);
        var encoder = new V1.VideoEncoder.VideoEncoderClient(channel);
        await encoder.DescribeAsync(new());                                  // connects first, so that the deadline passes in the service
        using var call = encoder.Encode(deadline: DateTime.UtcNow.AddSeconds(3));
        await call.RequestStream.CompleteAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        await Wait.UntilAsync(() => doubles.Cancelled.ContainsKey("VideoEncoder"), "the service stops");
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        await using var host = await StageHost.StartAsync(new());
        using var channel = GrpcChannel.ForAddress(host.Address);
        using var call = new V1.VideoEncoder.VideoEncoderClient(channel).Encode();

        // The write may be cut off before its end. The answer says why.
        var writing = call.RequestStream.WriteAsync(new() { Chunk = ByteString.CopyFrom(new byte[MessageLimits.MessageBytes + 1]) });
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());
        await Record.ExceptionAsync(() => writing);

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("https://[::1]:5101")]
    [InlineData("http://localhost:5101; unix:/tmp/x")]
    public void Addresses_to_listen_at_are_accepted(string listen) => Assert.Empty(Faults(listen));

    [Fact]
    public void Every_wrong_address_is_told_at_once() => Assert.Equal(
        [
            "Rewas:Listen: 'ftp://x:1' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH",
            "Rewas:Listen: 'unix:relative' is not http://HOST:PORT, https://HOST:PORT or unix:/PATH",
        ],
        Faults("ftp://x:1;http://127.0.0.1:5101;unix:relative"));

    [Fact]
    public async Task Wrong_options_end_a_service_with_exit_code_2()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "nonsense";
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();

        Assert.Equal(2, await builder.Build().RunServiceAsync());
    }

    [Fact]
    public async Task A_bundle_that_is_not_there_ends_a_service_with_exit_code_2()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = "http://127.0.0.1:0";
        builder.Configuration["Rewas:Bundle"] = "no-such-bundle";
        builder.AddRewasDefaults();
        builder.Services.AddBundle(builder.Configuration);
        builder.Logging.ClearProviders();

        Assert.Equal(2, await builder.Build().RunServiceAsync());
    }

    [Fact]
    public async Task A_port_in_use_ends_a_service_with_exit_code_2()
    {
        await using var host = await StageHost.StartAsync(new());
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = host.Address.OriginalString;
        builder.AddRewasDefaults();
        builder.Logging.ClearProviders();

        Assert.Equal(2, await builder.Build().RunServiceAsync());
    }

    static IEnumerable<string> Faults(string listen)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Listen"] = listen;
        builder.AddRewasDefaults();
        using var services = builder.Services.BuildServiceProvider();
        try
        {
            _ = services.GetRequiredService<IOptions<RewasOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException faults)
        {
            return faults.Failures;
        }
    }
}
