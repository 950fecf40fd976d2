using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Rewas.Checkpoints;
using Rewas.Client;
using Rewas.Faults;
using Rewas.Video;

namespace Rewas.Cli.Commands;

/// <summary><c>rewas doctor</c>: what is missing on this machine, and the command that mends it.</summary>
static class DoctorCommand
{
    /// <summary>Gateway or all-in-one host, then the four stages.</summary>
    static readonly int[] Ports = [5100, 5101, 5102, 5103, 5104];

    public static Command Create()
    {
        var command = new Command("doctor", "Checks ffmpeg, the bundle, ports, accelerator, and a running gateway if one is named.")
        {
            SharedOptions.Bundle, SharedOptions.Gateway, SharedOptions.Json,
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
                new("accelerator", true, string.Join(", ", OrtEnv.Instance().GetAvailableProviders())),
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
