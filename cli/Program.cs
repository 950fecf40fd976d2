using Rewas.Cli;

var exitCode = await RewasCommand.RunAsync(args);
if (exitCode is ExitCodes.Cancelled or ExitCodes.Terminated)
    ProcessEnd.AtOnce(exitCode);
ProcessEnd.LeaveNothing();
return exitCode;
