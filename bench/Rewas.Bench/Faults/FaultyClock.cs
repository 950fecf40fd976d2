namespace Rewas.Bench.Faults;

/// <summary>
/// The clock of one process. libfaketime reads its offset from a file; the clock that only runs forward stays true, as when the date of a
/// machine is set.
/// </summary>
sealed class FaultyClock
{
    const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    readonly string file;

    /// <param name="folder">Holds the file of the offset.</param>
    public FaultyClock(string folder, string process)
    {
        file = Path.Combine(folder, $"{process}.clock");
        Set(TimeSpan.Zero);
    }

    /// <summary>Whether clocks can be disturbed here (package libfaketime).</summary>
    public static bool IsInstalled => File.Exists(Library);

    public void Set(TimeSpan offset) => File.WriteAllText(file, FormattableString.Invariant($"{offset.TotalSeconds:+0;-0;+0}\n"));

    /// <summary>Environment of a process that has this clock.</summary>
    public IEnumerable<(string Name, string Value)> Environment =>
    [
        ("LD_PRELOAD", Library),
        ("FAKETIME_TIMESTAMP_FILE", file),
        ("FAKETIME_CACHE_DURATION", "1"),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("FAKETIME_FORCE_MONOTONIC_FIX", "0"),                               // otherwise waits with a time limit end at once
    ];
}
