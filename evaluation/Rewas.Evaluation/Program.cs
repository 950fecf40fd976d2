using Rewas.Cli.Running;
using Rewas.Evaluation.Commands;

return ProcessEnd.With(await CommandRun.RunAsync(EvaluateCommand.Create(), args));
