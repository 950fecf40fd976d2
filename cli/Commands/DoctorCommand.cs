using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grpc.Core;
using Grpc.Health.V1;
using Rewas.Bundles;
using Rewas.Cli.Arguments;
using Rewas.Cli.Running;
using Rewas.Cli.Serving;
using Rewas.Client;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Networks.Onnx;
using Rewas.PromptCheck;
using Rewas.V1;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas doctor</c>: lists what is missing on this machine, with the command that fixes it.</summary>
static class DoctorCommand
{
    /// <summary>Ports of the gateway or all-in-one host, then of the four stages.</summary>
    static readonly int[] Ports = [5100, 5101, 5102, 5103, 5104];

    static readonly TimeSpan HealthLimit = TimeSpan.FromSeconds(10);

    static readonly Option<string> Accelerator = new("--accelerator")
    {
        Description = "accelerator to try: cpu or cuda",
        DefaultValueFactory = _ => "cpu",
    };

    public static Command Create()
    {
        var command = new Command(
            "doctor", "Checks ffmpeg, the bundle, the ports and the accelerator. With --gateway, also checks that gateway and its stages.")
        {
            Accelerator, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(CommandAction.Of(async (arguments, cancel) =>
        {
            var findings = new List<Finding>
            {
                new(
                    "runtime",
                    true,
                    $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} "
                    + "processors"),
                await CheckAsync("ffmpeg", async () => await Ffmpeg.Locate().VersionAsync(cancel)),
                await CheckAsync("bundle", () =>
                {
                    var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
                    return Task.FromResult($"{bundle.Manifest.Name}, {bundle.Manifest.Licence}, all hashes right ({bundle.Directory})");
                }),
                await CheckAsync("accelerator", () => Task.FromResult(TryAccelerator(arguments))),
            };
            findings.Add(await CheckAsync("clip", () => Task.FromResult(ClipCaptioner.Usual(own: null) is { } clip
                ? $"captions and checks of filmed pictures use {clip.Directory}"
                : $"not there, so checks of filmed pictures mostly abstain: {ClipCaptioner.HowToGet}")));
            findings.AddRange(Ports.Select(CheckPort));
            if (arguments.GetValue(SharedOptions.Gateway) is { } gateway)
                findings.AddRange(await GatewayAsync(gateway, cancel));
            if (arguments.GetValue(SharedOptions.Json))
                Console.WriteLine(JsonSerializer.Serialize(findings, JsonSerializerOptions.Web));
            else
                foreach (var finding in findings)
                    Console.WriteLine($"{(finding.Good ? "ok     " : "MISSING")} {finding.What,-12} {finding.Message}");
            return findings.TrueForAll(f => f.Good) ? 0 : ExitCodes.Failed;
        }));
        return command;
    }

    /// <summary>Loads and runs a network: that an accelerator is built in does not mean that it works.</summary>
    static string TryAccelerator(ParseResult arguments)
    {
        const string smallest = "energy_predictor";
        using var network = OnnxNetwork.Load(
            Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle), verify: false),
            smallest,
            new() { Accelerator = arguments.GetRequiredValue(Accelerator) });
        network.Run([.. network.Definition.Inputs.Select(port => HostTensor.Of(
            new float[port.Shape.Aggregate(1L, (count, size) => count * Math.Max(1, size))],
            [.. port.Shape.Select(size => Math.Max(1, size))]))]);
        return $"{network.Accelerator} has run {smallest}; in this build: {string.Join(", ", OnnxNetwork.ProvidersInThisBuild)}";
    }

    /// <summary>
    /// Checks that the gateway reports SERVING, then each stage behind it, then that all have one version. The client itself checks that
    /// they have one bundle.
    /// </summary>
    static async Task<List<Finding>> GatewayAsync(string gateway, CancellationToken cancel)
    {
        await using var stages = await Stages.ConnectAsync(gateway, "", cancel, asksFirst: false);
        var findings = new List<Finding> { await CheckAsync("gateway", () => HealthAsync(stages.Client, gateway, cancel)) };
        IReadOnlyList<DescribeResponse> described = [];
        var all = await CheckAsync("stages", async () =>
        {
            var start = Stopwatch.GetTimestamp();
            described = await stages.Client.DescribeAsync(cancel);
            var took = Stopwatch.GetElapsedTime(start);
            var versions = described.Select(stage => stage.Version).Distinct().ToList();
            return versions.Count == 1
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"all four answer within {took.TotalMilliseconds:F0} ms, version {versions[0]}, bundle {described[0].Bundle} "
                    + $"({described[0].BundleSha256})")
                : throw InputFault.Precondition(
                    "version",
                    $"must be the same in all stages, but "
                    + $"{string.Join(", ", described.Select(stage => $"{stage.Stage} has {stage.Version}"))}");
        });
        findings.AddRange(described.Select(stage => new Finding(
            stage.Stage,
            true,
            $"on {stage.Accelerator}; "
            + string.Join(", ", stage.Limits.Select(limit =>
                FormattableString.Invariant($"{limit.Name} {limit.Value} {limit.Unit}").TrimEnd())))));
        findings.Add(all);
        return findings;
    }

    static async Task<string> HealthAsync(RewasClient client, string gateway, CancellationToken cancel)
    {
        try
        {
            var answer = await new Health.HealthClient(client.Invoker)
                .CheckAsync(new(), deadline: DateTime.UtcNow + HealthLimit, cancellationToken: cancel);
            return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
                ? $"{gateway} is serving"
                : throw InputFault.Precondition("gateway", $"{gateway} is not serving: it is being stopped");
        }
        catch (RpcException e)
        {
            throw InputFault.Precondition("gateway", $"{gateway} does not answer: {e.Status.Detail}", e);
        }
    }

    static async Task<Finding> CheckAsync(string what, Func<Task<string>> check)
    {
        try
        {
            return new(what, true, await check());
        }
        catch (Exception e) when (e is InputFault or StageFailure)
        {
            return new(what, false, e.Message);
        }
    }

    static Finding CheckPort(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return new($"port {port}", true, "free");
        }
        catch (SocketException)
        {
            return new(
                $"port {port}", true,
                "in use, perhaps by a running service (`rewas serve --listen http://127.0.0.1:PORT` uses another port)");
        }
    }

    sealed record Finding(string What, bool Good, string Message);
}
