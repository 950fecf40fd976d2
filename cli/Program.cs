using Rewas.Cli;

var exitCode = await RewasCommand.RunAsync(args);
if (exitCode == ExitCodes.Cancelled)
    ProcessEnd.AtOnce(exitCode);
ProcessEnd.LeaveNothing();
return exitCode;
