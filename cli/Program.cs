using Rewas.Cli;

return await RewasCommand.RunAsync(args);
