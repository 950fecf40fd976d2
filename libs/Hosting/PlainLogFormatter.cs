using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Rewas.Clip.Output;

namespace Rewas.Hosting;

/// <summary>
/// Writes a log entry as one line of plain text. Entries name what callers sent, and a log is often read in a terminal. A name must not
/// forge a second entry or steer that terminal.
/// </summary>
sealed class PlainLogFormatter(IOptionsMonitor<ConsoleFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "plain";

    public override void Write<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes, TextWriter output)
    {
        var message = entry.Formatter(entry.State, entry.Exception);
        var failure = entry.Exception is null ? "" : $" {entry.Exception}";
        var now = options.CurrentValue.UseUtcTimestamp ? DateTimeOffset.UtcNow : DateTimeOffset.Now;
        var time = options.CurrentValue.TimestampFormat is { } format ? now.ToString(format, CultureInfo.InvariantCulture) : "";
        output.WriteLine($"{time}{NameOf(entry.LogLevel)}: {entry.Category}[{entry.EventId.Id}] " +
            PlainText.Of($"{message}{failure}".ReplaceLineEndings(" ")));
    }

    static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}
