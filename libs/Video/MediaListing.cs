namespace Rewas.Video;

/// <summary>What one call of ffprobe tells of a file: its header, and the times of all packets of all streams.</summary>
/// <param name="header">The answer without its packets, JSON.</param>
/// <param name="packets">By stream.</param>
sealed class MediaListing(ReadOnlyMemory<byte> header, IReadOnlyDictionary<int, PacketTimes> packets)
{
    /// <summary>Nothing whose shape a file could choose but the tags, of which only names and texts are read.</summary>
    public static string[] Question =>
    [
        "-of", "json=c=1", "-show_entries",
        "packet=stream_index,pts,dts,duration,flags:format=format_name,start_time:format_tags"
            + ":stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,field_order,time_base,start_time,duration"
            + ",has_b_frames:stream_disposition=attached_pic:stream_side_data=side_data_type,rotation"
            + ":stream_tags=DURATION,language,filename,alpha_mode,rotate"
            + ":program_version=version",
    ];

    /// <summary>The answer without its packets, JSON.</summary>
    public ReadOnlyMemory<byte> Header => header;

    /// <summary>Of a stream by its index; none where it has no packets.</summary>
    public PacketTimes Packets(int stream) => packets.GetValueOrDefault(stream) ?? new();
}
