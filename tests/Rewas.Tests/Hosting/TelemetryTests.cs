using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Hosting;
using Rewas.Protocol;
using Rewas.Tests.Client;
using Rewas.Tests.Services;

namespace Rewas.Tests.Hosting;

public sealed partial class TelemetryTests
{
    [Fact]
    public async Task Prometheus_reads_every_metric_that_the_dashboard_and_the_autoscaling_name()
    {
        using var folder = new TemporaryFolder();
        await using var host =
            await ServiceHost.StartAsync(("Rewas:Metrics", "http://127.0.0.1:0"), ("AudioDiffusion:LatentCacheFolder", folder.Path));
        await GenerateAsync(host);
        await GenerateAsync(host);                                           // from the cache
        GC.Collect();

        using var http = new HttpClient();
        var scraped = await http.GetStringAsync(host.Addresses[1] + "/metrics");

        var exported = MetricName().Matches(scraped).Select(match => match.Value).ToHashSet();
        var named = new[]
        {
            DeployFile("grafana", "rewas.json"),
            DeployFile("kubernetes", "components", "keda", "scaled-object.yaml"),
            DeployFile("kubernetes", "components", "hpa", "audio-diffusion.yaml"),
        }
            .SelectMany(file => NamedMetric().Matches(File.ReadAllText(file)).Select(match => match.Value)).ToHashSet();
        Assert.True(named.Count > 12, string.Join(' ', named));
        Assert.Empty(named.Except(exported));
        Assert.Matches("rewas_calls_total\\{[^}]*rewas_stage=\"AudioDiffusion\"[^}]*rpc_grpc_status_code=\"OK\"[^}]*\\} [1-9]", scraped);
        Assert.Matches("rewas_diffusion_cache_lookups_total\\{[^}]*rewas_cache_hit=\"true\"[^}]*\\} [1-9]", scraped);
        Assert.Matches("rewas_stage_realtime_factor_count\\{[^}]*rewas_stage=\"AudioDiffusion\"[^}]*\\} [1-9]", scraped);
    }

    [Fact]
    public async Task The_address_for_Prometheus_serves_nothing_else_and_no_other_serves_metrics()
    {
        await using var host = await ServiceHost.StartAsync(("Rewas:Metrics", "http://127.0.0.1:0"));
        using var http = new HttpClient();
        foreach (var path in new[] { "/", "/grpc.health.v1.Health/Check", "/rewas.v1.Vocoder/Describe" })
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(host.Addresses[1] + path)).StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, host.Addresses[0] + "/metrics")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal(HttpStatusCode.NotFound, (await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Without_an_address_there_are_no_metrics()
    {
        await using var host = await ServiceHost.StartAsync();
        Assert.Single(host.Addresses);
    }

    [Fact]
    public async Task All_calls_of_a_clip_are_one_trace()
    {
        await using var host = await StageHost.StartAsync(new());
        using var client = RewasClient.Connect(host.Address);
        using var mine = new Activity("test").Start();
        using var spans = new Spans("Microsoft.AspNetCore", mine.TraceId);

        await client.GenerateAsync(SoundRequests.With([]));

        await spans.UntilAsync(8);                                           // four Describe and the four stages
        Assert.Equal(8, spans.All.Count);
    }

    [Fact]
    public async Task A_networks_span_tells_the_shapes_and_sizes_of_its_tensors()
    {
        await using var host = await ServiceHost.StartAsync();
        using var mine = new Activity("test").Start();
        using var spans = new Spans(RewasTelemetry.Name, mine.TraceId);

        await GenerateAsync(host);

        await spans.UntilAsync(6);
        var decoder = Assert.Single(spans.All, span => span.OperationName == "mel_decoder");
        Assert.Equal("[1, 1, 512, 64]", decoder.GetTagItem("rewas.tensor.out.shape"));
        Assert.Equal(512L * 64 * sizeof(float), decoder.GetTagItem("rewas.tensor.out.bytes"));
        var sampling = Assert.Single(spans.All, span => span.OperationName == "sampling");
        Assert.Equal((0, 4), (sampling.GetTagItem("rewas.window"), sampling.GetTagItem("rewas.steps")));
        Assert.DoesNotContain(
            spans.All.SelectMany(span => span.TagObjects),
            tag => tag.Value is string text && text.Contains("a dog barks", StringComparison.Ordinal));
    }

    [Fact]
    public void A_json_log_line_carries_the_trace()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration["Rewas:Logs"] = "json";
        builder.AddRewasDefaults();
        using var services = builder.Services.BuildServiceProvider();
        Assert.Equal(ConsoleFormatterNames.Json, services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);

        var formatter = services.GetServices<ConsoleFormatter>().Single(one => one.Name == ConsoleFormatterNames.Json);
        using var factory = services.GetRequiredService<ILoggerFactory>();
        using var mine = new Activity("test").Start();
        var scopes = new LoggerExternalScopeProvider();
        scopes.Push(new Dictionary<string, object> { ["TraceId"] = mine.TraceId.ToString() });
        using var line = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Information, "test", default, "said", null, (state, _) => state), scopes, line);

        var read = JsonDocument.Parse(line.ToString()).RootElement;
        Assert.Equal("said", read.GetProperty("Message").GetString());
        Assert.Contains(mine.TraceId.ToString(), read.GetProperty("Scopes").ToString(), StringComparison.Ordinal);
        Assert.True(services.GetRequiredService<IOptions<LoggerFactoryOptions>>().Value.ActivityTrackingOptions.HasFlag(
            ActivityTrackingOptions.TraceId));
    }

    static Task GenerateAsync(ServiceHost host) => new V1.AudioDiffusion.AudioDiffusionClient(host.Channel).Generate().Exchange(
        new V1.GenerateRequest { Options = new() { Prompt = "a dog barks", Seed = 5, Steps = 4 } },
        new V1.GenerateRequest { Energy = new WindowControl(new float[512]).ToMessage(0) });

    static string DeployFile(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Rewas.Platform.sln")))
            folder = folder.Parent!;
        return Path.Combine([folder.FullName, "deploy", .. parts]);
    }

    [GeneratedRegex("^[a-z_]+", RegexOptions.Multiline)]
    private static partial Regex MetricName();

    [GeneratedRegex(@"\b(rewas|dotnet|http)_[a-z_]+\b(?!=)(?<!rewas_stage)(?<!rewas_cache_hit)")]
    private static partial Regex NamedMetric();

    /// <summary>Spans of one source that belong to one trace.</summary>
    sealed class Spans : IDisposable
    {
        readonly ActivityListener listener;

        public Spans(string source, ActivityTraceId trace)
        {
            listener = new()
            {
                ShouldListenTo = one => one.Name == source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span =>
                {
                    if (span.TraceId == trace)
                        All.Add(span);
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public ConcurrentBag<Activity> All { get; } = [];

        /// <summary>A span ends a little after the answer has come, so this waits for it.</summary>
        public Task UntilAsync(int count) => Wait.UntilAsync(() => All.Count >= count, $"{count} spans have ended");

        public void Dispose() => listener.Dispose();
    }
}
