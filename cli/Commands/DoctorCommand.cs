using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Rewas.Checkpoints;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Networks;
using Rewas.Networks.Onnx;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas doctor</c>: what is missing on this machine, and the command that mends it.</summary>
static class DoctorCommand
{
    /// <summary>Gateway or all-in-one host, then the four stages.</summary>
    static readonly int[] Ports = [5100, 5101, 5102, 5103, 5104];

    static readonly Option<string> Accelerator = new("--accelerator") { Description = "which one to try: cpu or cuda", DefaultValueFactory = _ => "cpu" };

    public static Command Create()
    {
        var command = new Command("doctor", "Checks ffmpeg, the bundle, ports, accelerator, and a running gateway if one is named.")
        {
            Accelerator, SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
        };
        command.SetAction(RewasCommand.Action(async (arguments, cancel) =>
        {
            var findings = new List<Finding>
            {
                new("runtime", true, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors"),
                await CheckAsync("ffmpeg", async () => await Ffmpeg.Locate().VersionAsync(cancel)),
                await CheckAsync("bundle", () =>
                {
                    var bundle = Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle));
                    return Task.FromResult($"{bundle.Manifest.Name}, {bundle.Manifest.Licence}, all hashes right ({bundle.Directory})");
                }),
                await CheckAsync("accelerator", () => Task.FromResult(TryAccelerator(arguments))),
            };
            findings.AddRange(Ports.Select(CheckPort));
            if (arguments.GetValue(SharedOptions.Gateway) is { } gateway)
                findings.Add(await CheckAsync("gateway", async () => await DescribeAsync(gateway, cancel)));
            if (arguments.GetValue(SharedOptions.Json))
                Console.WriteLine(JsonSerializer.Serialize(findings, JsonSerializerOptions.Web));
            else
                foreach (var finding in findings)
                    Console.WriteLine($"{(finding.Good ? "ok     " : "MISSING")} {finding.What,-12} {finding.Message}");
            return findings.TrueForAll(f => f.Good) ? 0 : ExitCodes.Failed;
        }));
        return command;
    }

    /// <summary>What is in the build says little about what runs: a network is loaded and run.</summary>
    static string TryAccelerator(ParseResult arguments)
    {
        const string smallest = "energy_predictor";
        using var network = OnnxNetwork.Load(Bundle.Find(arguments.GetRequiredValue(SharedOptions.Bundle), verify: false), smallest, new() { Accelerator = arguments.GetRequiredValue(Accelerator) });
        network.Run([.. network.Definition.Inputs.Select(port => HostTensor.Of(
            new float[port.Shape.Aggregate(1L, (count, size) => count * Math.Max(1, size))], [.. port.Shape.Select(size => Math.Max(1, size))]))]);
        return $"{network.Accelerator} has run {smallest}; in this build: {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}";
    }

    static async Task<string> DescribeAsync(string gateway, CancellationToken cancel)
    {
        await using var stages = await Stages.ConnectAsync(gateway, "", cancel);
        var described = await stages.Client.DescribeAsync(cancel);
        return string.Join("; ", described.Select(d => $"{d.Stage} {d.Version} with {d.Bundle} on {d.Accelerator}"));
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
            return new($"port {port}", true, "in use (by a running service, perhaps: `rewas serve --listen http://127.0.0.1:PORT` takes another)");
        }
    }

    sealed record Finding(string What, bool Good, string Message);
}
