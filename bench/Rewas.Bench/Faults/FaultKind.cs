namespace Rewas.Bench.Faults;

/// <summary>A fault that the trial causes.</summary>
enum FaultKind
{
    /// <summary>kill -9. The process is started again after a while.</summary>
    Killed,

    /// <summary>SIGSTOP. The connections stay open, and nothing answers.</summary>
    Frozen,

    /// <summary>The network link is down. Nothing arrives, and nobody is told.</summary>
    CutOff,

    /// <summary>SIGTERM. The process drains, ends and is started again.</summary>
    Restarted,

    /// <summary>The temporary folder of the process has no room.</summary>
    DiskFull,

    /// <summary>The process is restarted. Its clock jumps an hour ahead, and back after a while. Then it is restarted again.</summary>
    ClockJumped,

    /// <summary>The process is replaced by that of the next version, as in a rolling update.</summary>
    Updated,

    /// <summary>kill -9. The process is never started again.</summary>
    Gone,
}

/// <param name="At">Time from the start of the trial.</param>
/// <param name="Lasted">Time from the fault until the process answered SERVING again; zero if it is gone.</param>
/// <param name="Remark">What went wrong with the process; empty if nothing did.</param>
sealed record FaultEvent(TimeSpan At, string Process, FaultKind Kind, TimeSpan Lasted, string Remark = "");
