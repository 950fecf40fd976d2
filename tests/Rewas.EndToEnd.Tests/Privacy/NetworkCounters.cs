using System.Globalization;

namespace Rewas.EndToEnd.Tests.Privacy;

/// <summary>The kernel's counters of a network namespace whose only interface is the loopback.</summary>
/// <param name="Datagrams">UDP datagrams that were sent. All go to the loopback; they are name lookups.</param>
/// <param name="Unreachable">Connections and packets to other machines, which cannot be reached.</param>
sealed record NetworkCounters(long Datagrams, long Unreachable)
{
    public static NetworkCounters None { get; } = new(0, 0);

    /// <param name="path">Holds /proc/net/snmp, then /proc/net/snmp6 (absent if the kernel has no IPv6).</param>
    public static NetworkCounters Read(string path)
    {
        var lines = File.ReadAllLines(path);
        return new(Four("Udp:", "OutDatagrams") + Six("Udp6OutDatagrams"), Four("Ip:", "OutNoRoutes") + Six("Ip6OutNoRoutes"));

        // A line of names, then one of values.
        long Four(string protocol, string name)
        {
            var rows = lines.Where(line => line.StartsWith(protocol, StringComparison.Ordinal)).Select(line => line.Split(' ')).ToList();
            return Number(rows[1][Array.IndexOf(rows[0], name)]);
        }

        long Six(string name) =>
            lines.FirstOrDefault(line => line.StartsWith(name + ' ', StringComparison.Ordinal)) is { } line
                ? Number(line[name.Length..])
                : 0;
    }

    static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
