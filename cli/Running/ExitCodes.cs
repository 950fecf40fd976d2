using Rewas.Clip.Faults;

namespace Rewas.Cli.Running;

/// <summary>What the process says to scripts.</summary>
static class ExitCodes
{
    /// <summary>It could not be done: a stage broke, or this machine lacks something.</summary>
    public const int Failed = 1;

    /// <summary>An argument, a file or a limit: the line on standard error names it.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells count it: 128 + SIGINT. The other signals that end a process count as Ctrl-C.</summary>
    public const int Cancelled = 130;

    public static int Of(InputFault fault) => fault.Kind == FaultKind.Environment ? Failed : BadInput;
}
