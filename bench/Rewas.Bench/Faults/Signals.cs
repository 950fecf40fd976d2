using System.Globalization;
using System.Runtime.InteropServices;

namespace Rewas.Bench.Faults;

/// <summary>Signals to processes.</summary>
static partial class Signals
{
    public const int Int = 2, Kill = 9, Term = 15, Cont = 18, Stop = 19;

    public static void Send(int process, int signal, string name)
    {
        if (SendSignal(process, signal) != 0)
            throw new InvalidOperationException($"{name}: kill({process}, {signal}) failed with {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Sends a signal to a process and to its children. Children that have ended meanwhile are left out.</summary>
    public static void SendToFamily(int process, int signal, string name)
    {
        Send(process, signal, name);
        foreach (var child in Children(process))
            _ = SendSignal(child, signal);
    }

    static IEnumerable<int> Children(int parent)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process))
                continue;
            string[] fields;
            try
            {
                // The name, in parentheses, may hold spaces. State and parent follow it.
                var line = File.ReadAllText(Path.Combine(folder, "stat"));
                fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            }
            catch (IOException)
            {
                continue;                                                    // the process has ended
            }
            if (int.Parse(fields[1], CultureInfo.InvariantCulture) == parent)
                yield return process;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
