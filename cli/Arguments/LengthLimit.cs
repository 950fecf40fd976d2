using System.CommandLine;
using System.Globalization;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Video;

namespace Rewas.Cli.Arguments;

/// <summary>The longest video that one command accepts. It is passed on to the stages that the command hosts.</summary>
sealed record LengthLimit(TimeSpan Longest)
{
    static readonly VideoLimits Usual = new();
    static readonly TimeSpan Least = TimeSpan.FromSeconds(1), Most = TimeSpan.FromHours(2);

    public static readonly Option<string?> Option = new("--max-duration")
    {
        Description = "longest accepted video, 1s to 2h: 40m, 1.5h, 2400s; the limit of the file size grows with it [default: 15m, 2 GiB]",
        HelpName = "TIME",
    };

    /// <summary>The factor by which other limits grow when longer videos than usual are accepted.</summary>
    double Scale => Math.Max(1, Longest / Usual.MaxDuration);

    long Bytes => (long)(Usual.MaxFileBytes * Scale);

    public VideoLimits Video =>
        Usual with { MaxDuration = Longest, MaxFileBytes = Bytes, ProbeTimeout = Usual.ProbeTimeout * Scale, RaisedBy = Option.Name };

    /// <summary>Configuration of stages hosted in this process.</summary>
    public string[] Settings
    {
        get
        {
            if (Longest <= Usual.MaxDuration)
                return [];
            var windows = (int)Math.Ceiling(Longest / ClipTiming.WindowDuration) + 1;
            return
            [
                $"--VideoEncoder:MaxVideoDuration={Longest:c}",
                Number("VideoEncoder:MaxUploadBytes", Bytes),
                Number("EnergyPredictor:MaxWindows", windows),
                Number("AudioDiffusion:MaxWindows", windows),
                $"--Vocoder:MaxAudioDuration={Longest:c}", $"--Jobs:MaxVideoDuration={Longest:c}", Number("Jobs:MaxVideoBytes", Bytes),
            ];
        }
    }

    /// <exception cref="InputFault">The value cannot be read or is out of range, or a gateway is used, which has its own limit.</exception>
    public static LengthLimit Read(ParseResult arguments)
    {
        if (arguments.GetValue(Option) is not { } text)
            return new(Usual.MaxDuration);
        if (arguments.GetValue(SharedOptions.Gateway) is not null)
            throw InputFault.Invalid(
                "max-duration", "must not be given with --gateway: the services set it (VideoEncoder:MaxVideoDuration)");
        var seconds = TimeText.Seconds(text, "max-duration", "40m, 1.5h or 2400s");
        InputFault.ThrowUnlessInRange("max-duration", seconds, Least.TotalSeconds, Most.TotalSeconds);
        return new(TimeSpan.FromSeconds(seconds));
    }

    static string Number(string setting, long value) => string.Create(CultureInfo.InvariantCulture, $"--{setting}={value}");
}
