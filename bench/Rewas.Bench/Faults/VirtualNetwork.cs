using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Rewas.Clip.Faults;

namespace Rewas.Bench.Faults;

/// <summary>
/// A network on one machine: a bridge, and for each process a network namespace with its own address. A pair of virtual Ethernet devices
/// connects it to the bridge. Needs root on Linux. Disposing removes everything; creating removes what an earlier run left behind.
/// </summary>
sealed class VirtualNetwork : IDisposable
{
    const string Bridge = "rwtrial", Prefix = "10.213.77.";
    const int FirstHost = 11;

    /// <summary>Address of the bridge.</summary>
    public const string Address = Prefix + "1";

    /// <summary>All addresses, as CIDR.</summary>
    public const string Addresses = Prefix + "0/24";

    readonly List<int> hosts = [];

    public VirtualNetwork()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            throw InputFault.Precondition("network", "needs Linux and root, for network namespaces");
        Ip(mayFail: true, "link", "del", Bridge);
        Ip(mayFail: false, "link", "add", Bridge, "type", "bridge");
        Ip(mayFail: false, "addr", "add", Address + "/24", "dev", Bridge);
        Ip(mayFail: false, "link", "set", Bridge, "up");
    }

    /// <summary>Adds a namespace.</summary>
    public NetworkHost Add()
    {
        var number = FirstHost + hosts.Count;
        var host = new NetworkHost(Name("rwtrial", number), Prefix + number.ToString(CultureInfo.InvariantCulture), Name("rwtv", number));
        Ip(mayFail: true, "netns", "del", host.Namespace);
        Ip(mayFail: true, "link", "del", host.Link);
        hosts.Add(number);
        Ip(mayFail: false, "netns", "add", host.Namespace);
        Ip(mayFail: false, "link", "add", host.Link, "type", "veth", "peer", "name", "eth0", "netns", host.Namespace);
        Ip(mayFail: false, "link", "set", host.Link, "master", Bridge);
        Ip(mayFail: false, "link", "set", host.Link, "up");
        Ip(mayFail: false, "-n", host.Namespace, "addr", "add", host.Address + "/24", "dev", "eth0");
        Ip(mayFail: false, "-n", host.Namespace, "link", "set", "eth0", "up");
        Ip(mayFail: false, "-n", host.Namespace, "link", "set", "lo", "up");
        return host;
    }

    /// <summary>Cuts a host off, or connects it again.</summary>
    public static void SetLink(NetworkHost host, bool up) => Ip(mayFail: false, "link", "set", host.Link, up ? "up" : "down");

    public void Dispose()
    {
        foreach (var number in hosts)
            Ip(mayFail: true, "netns", "del", Name("rwtrial", number));
        Ip(mayFail: true, "link", "del", Bridge);
    }

    static string Name(string prefix, int number) => prefix + number.ToString(CultureInfo.InvariantCulture);

    static void Ip(bool mayFail, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0 && !mayFail)
                throw InputFault.Precondition("network", $"ip {string.Join(' ', arguments)}: {error.Trim()}");
        }
        catch (Win32Exception e)
        {
            throw InputFault.Precondition("network", $"'ip' cannot be run (package iproute2): {e.Message}", e);
        }
    }
}

/// <param name="Namespace">The network namespace of the process.</param>
/// <param name="Link">The bridge's end of the virtual cable.</param>
sealed record NetworkHost(string Namespace, string Address, string Link);
