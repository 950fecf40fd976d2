using System.Numerics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SharpFuzz;
using SharpFuzz.Common;

namespace Rewas.Tests.Fuzzing;

/// <summary>
/// Runs targets in instrumented copies of the readers' assemblies, and tells whether an input reached a new branch. SharpFuzz counts
/// each branch in a map of 64 KiB, as AFL does.
/// </summary>
sealed class CoverageGuide : IDisposable
{
    const int MapBytes = 1 << 16;

    /// <summary>The assemblies with the readers. The others run as they are.</summary>
    static readonly string[] Instrumented = ["Rewas.Bundles", "Rewas.Sound", "Rewas.Hosting", "Rewas.Networks", "Rewas.Clip"];

    readonly TemporaryFolder folder = new();
    readonly nint map = Marshal.AllocHGlobal(MapBytes);
    readonly byte[] seen = new byte[MapBytes], counts = new byte[MapBytes];
    readonly Func<string, byte[], string?> check;

    public CoverageGuide()
    {
        foreach (var name in Instrumented)
        {
            var copy = folder.File(name + ".dll");
            File.Copy(Path.Combine(AppContext.BaseDirectory, name + ".dll"), copy);
            Fuzzer.Instrument(copy, type => !type.Contains("<Module>", StringComparison.Ordinal), Options.Value);
        }
        SetMap(map);
        var copies = new Copies(folder);
        check = copies.LoadFromAssemblyName(typeof(FuzzTargets).Assembly.GetName()).GetType(typeof(FuzzTargets).FullName!)!
            .GetMethod(nameof(FuzzTargets.Check), BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<Func<string, byte[], string?>>();
    }

    /// <summary>Number of branches that were reached with a new order of magnitude of times.</summary>
    public int Reached { get; private set; }

    /// <summary>Runs an input.</summary>
    /// <returns>Why it is a finding, or null; and whether it reached something new.</returns>
    public (string? Finding, bool IsNew) Run(string target, byte[] input)
    {
        Clear(map);
        var finding = check(target, input);
        Marshal.Copy(map, counts, 0, MapBytes);
        var isNew = false;
        for (var i = 0; (i = NextReached(i)) < MapBytes; i++)
        {
            var magnitude = (byte)(1 << BitOperations.Log2(counts[i]));
            if ((magnitude & ~seen[i]) == 0)
                continue;
            seen[i] |= magnitude;
            isNew = true;
            Reached++;
        }
        return (finding, isNew);
    }

    public void Dispose()
    {
        // The instrumented code may still run on another thread, so the map stays.
        folder.Dispose();
    }

    /// <summary>The first place at or after one that was counted. <see cref="MapBytes"/> if there is none.</summary>
    int NextReached(int from)
    {
        var next = counts.AsSpan(from).IndexOfAnyExcept((byte)0);
        return next < 0 ? MapBytes : from + next;
    }

    static unsafe void Clear(nint map) => new Span<byte>((void*)map, MapBytes).Clear();

    /// <summary>Where the instrumented code counts.</summary>
    static unsafe void SetMap(nint map) => Trace.SharedMem = (byte*)map;

    /// <summary>The platform's assemblies a second time, some of them instrumented. All others are shared.</summary>
    sealed class Copies(TemporaryFolder folder) : AssemblyLoadContext("instrumented")
    {
        protected override Assembly? Load(AssemblyName name)
        {
            if (name.Name?.StartsWith("Rewas.", StringComparison.Ordinal) != true)
                return null;
            var copy = folder.File(name.Name + ".dll");
            return LoadFromAssemblyPath(File.Exists(copy) ? copy : Path.Combine(AppContext.BaseDirectory, name.Name + ".dll"));
        }
    }
}
