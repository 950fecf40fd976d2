namespace Rewas.Video;

/// <summary>Decides which of a video's other streams and tags go into an output. Those that the container cannot hold are named.</summary>
sealed class SideStreams(VideoFacts facts, OutputContainer container)
{
    /// <summary>Tags with a fixed place in MP4 and QuickTime. Other tags need their newer list of arbitrary names.</summary>
    static readonly HashSet<string> UsualTags = new(StringComparer.OrdinalIgnoreCase)
    {
        "title", "artist", "album_artist", "album", "composer", "date", "comment", "genre", "copyright", "grouping", "lyrics",
        "description",
        "synopsis", "show", "episode_id", "network", "encoder", "creation_time", "major_brand", "minor_version", "compatible_brands",
        "duration", "timecode",
    };

    /// <summary>
    /// The streams that the output can hold. Of covers that must be attached as files, these are the first <see cref="CoverFiles.Most"/>.
    /// </summary>
    public IReadOnlyList<SideStream> Kept => [.. facts.Others.Where(Holds).Except(CoversTooMany)];

    /// <summary>Covers that must be attached as files.</summary>
    public IReadOnlyList<SideStream> Attached => container.HoldsFiles ? [.. Kept.Where(stream => stream.Kind == SideKind.Cover)] : [];

    IReadOnlyList<SideStream> CoversTooMany =>
        container.HoldsFiles ? [.. facts.Others.Where(stream => stream.Kind == SideKind.Cover && Holds(stream)).Skip(CoverFiles.Most)] : [];

    bool NeedsAnyNames => container.IsIso && facts.Tags.Any(tag => !UsualTags.Contains(tag));

    /// <summary>Describes in one line what the output cannot hold; null if it holds everything.</summary>
    public string? LeftOut()
    {
        var missing = Missing();
        if (missing.Count == 0)
            return null;
        var better = OutputContainer.All
            .Where(other => PictureFit.Reason(facts, other) is null && new SideStreams(facts, other).Missing().Count == 0)
            .Select(other => other.Ending).ToList();
        return $"a {container.Ending} cannot hold {string.Join(", ", missing)}" +
            $"{(better.Count > 0 ? $"; a {PictureFit.Either(better)} can" : "")}";
    }

    /// <summary>ffmpeg's arguments for the other streams and tags, which follow those for picture and sound.</summary>
    /// <param name="covers">Files of <see cref="Attached"/>, in order.</param>
    public IReadOnlyList<string> Arguments(IReadOnlyList<string> covers)
    {
        List<string> arguments = [];
        var (videos, subtitles, files) = (1, 0, 0);                          // the picture is the first video
        foreach (var stream in Kept.Except(Attached))
        {
            arguments.AddRange(["-map", $"0:{stream.Index}"]);
            arguments.AddRange(stream.Kind switch
            {
                SideKind.Subtitles => [$"-c:s:{subtitles++}", container.SubtitlesAs(stream.Codec)!],
                SideKind.Attachment => [$"-c:t:{files++}", "copy"],
                SideKind.Data => ["-c:d", "copy"],
                _ => IsoTag(stream.Codec, videos++),
            });
        }
        foreach (var (stream, file) in Attached.Zip(covers))
        {
            arguments.AddRange(["-attach", Ffmpeg.Argument(file), $"-metadata:s:t:{files}", $"mimetype={CoverFiles.MimeType(stream)}"]);
            arguments.AddRange([$"-metadata:s:t:{files++}", $"filename={CoverFiles.Name(stream)}"]);
        }
        if (container.IsIso)
            arguments.AddRange(["-movflags", NeedsAnyNames ? "+faststart+use_metadata_tags" : "+faststart"]);
        return arguments;
    }

    /// <summary>
    /// The tag of HEVC in MP4 and QuickTime that Apple's players accept. It means that parameters are only in the header.
    /// </summary>
    /// <param name="codec">Codec of the picture.</param>
    /// <param name="number">Index of the picture in the output.</param>
    public string[] IsoTag(string codec, int number) => container.IsIso && codec == "hevc" ? [$"-tag:v:{number}", "hvc1"] : [];

    bool Holds(SideStream stream) => stream.Kind switch
    {
        SideKind.Video => container.Holds(stream.Codec),
        SideKind.Cover => CoverFiles.CanHold(stream) && (container.HoldsFiles || (container.Format == "mp4" && !NeedsAnyNames)),
        SideKind.Subtitles => container.SubtitlesAs(stream.Codec) is not null,
        SideKind.Attachment => container.HoldsFiles,
        _ => container.IsIso && stream.Tag == "gpmd",                        // position and motion data of a camera
    };

    List<string> Missing()
    {
        List<string> missing = [.. facts.Others.Where(stream => !Holds(stream)).Select(stream => stream.ToString())];
        if (facts.HasAlphaBeside && !container.KeepsAlphaBeside)
            missing.Add("transparency");
        if (CoversTooMany.Count > 0)
            missing.Add($"more than {CoverFiles.Most} covers");
        return missing;
    }
}
