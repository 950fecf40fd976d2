using System.Collections.Concurrent;
using System.Diagnostics;

namespace Rewas.Video;

/// <summary>
/// Starts processes from one thread that lives as long as this process. bubblewrap lets the kernel kill its program together with the
/// thread that started it, so that none outlives us. A thread of the pool ends after some idle seconds, and took ffmpeg with it.
/// </summary>
static class ChildStarter
{
    static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process?> Started)> Asked = [];

    static ChildStarter() => new Thread(StartAll) { IsBackground = true, Name = nameof(ChildStarter) }.Start();

    /// <summary>As <see cref="Process.Start(ProcessStartInfo)"/>.</summary>
    public static Process? Start(ProcessStartInfo start)
    {
        var started = new TaskCompletionSource<Process?>();
        Asked.Add((start, started));
        return started.Task.GetAwaiter().GetResult();
    }

    static void StartAll()
    {
        foreach (var (start, started) in Asked.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start));
            }
            catch (Exception failure)                                        // belongs to who asked
            {
                started.SetException(failure);
            }
        }
    }
}
