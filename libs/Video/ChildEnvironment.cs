using System.Diagnostics;

namespace Rewas.Video;

/// <summary>
/// The environment of ffmpeg. A service's environment holds keys and passwords, and a child that reads hostile files must not have them.
/// </summary>
static class ChildEnvironment
{
    /// <summary>What programs need to start at all: libraries in unusual places, and Windows itself.</summary>
    static readonly string[] Kept = ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SystemRoot", "windir"];

    /// <summary>
    /// Plain messages, which <see cref="WrittenMedia"/> and others search. Few heaps: each thread's own would reserve memory.
    /// </summary>
    static readonly (string Name, string Value)[] Set = [("PATH", "/usr/bin:/bin"), ("LC_ALL", "C"), ("MALLOC_ARENA_MAX", "2")];

    public static void Apply(ProcessStartInfo start)
    {
        var kept = Kept.Select(name => (Name: name, Value: Environment.GetEnvironmentVariable(name))).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in kept.Concat(Set.Select(set => (set.Name, Value: (string?)set.Value))))
            if (value is not null)
                start.Environment[name] = value;
    }
}
