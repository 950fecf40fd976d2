using Rewas.Cli;
using Rewas.Cli.Running;

return ProcessEnd.With(await RewasCommand.RunAsync(args));
