namespace Rewas.EnergyPredictor;

static partial class EnergyPredictorLog
{
    [LoggerMessage(1, LogLevel.Information, "Energy of {Windows} windows in {Seconds:F3} s")]
    public static partial void Finished(this ILogger log, int windows, double seconds);
}
