using System.Globalization;
using System.Runtime.InteropServices;
using Rewas.Bundles;

namespace Rewas.Bench;

/// <summary>The head of every table: the machine, its load, the bundle and the date.</summary>
static class MachineDescription
{
    public static IEnumerable<string> Lines(string bundle)
    {
        var opened = Bundle.Find(bundle, verify: false);
        yield return $"- {Processor()}, {Environment.ProcessorCount} processors; {RuntimeInformation.OSDescription}; "
            + $"{RuntimeInformation.FrameworkDescription}";
        yield return $"- load average at the start: {Load()}";
        yield return $"- bundle {opened.Manifest.Name}, bundle.json sha256 {opened.Sha256}";
        yield return string.Create(CultureInfo.InvariantCulture, $"- {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC");
        yield return "";
    }

    static string Processor() => File.Exists("/proc/cpuinfo")
        ? File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1]
            .Trim() ?? "unknown processor"
        : RuntimeInformation.ProcessArchitecture.ToString();

    static string Load() =>
        File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";
}
