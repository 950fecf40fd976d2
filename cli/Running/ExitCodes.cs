using Rewas.Clip.Faults;

namespace Rewas.Cli.Running;

/// <summary>The exit codes of the process.</summary>
static class ExitCodes
{
    /// <summary>The work failed: a stage broke, or this machine lacks something.</summary>
    public const int Failed = 1;

    /// <summary>An argument, a file or a limit is at fault. The line on standard error names it.</summary>
    public const int BadInput = 2;

    /// <summary>Cancelled: 128 + SIGINT, as shells count it. Other signals that end a process use the same code.</summary>
    public const int Cancelled = 130;

    public static int Of(InputFault fault) => fault.IsOfMachine ? Failed : BadInput;
}
