namespace Rewas.Video;

/// <summary>The result of one ffprobe call: the header, and the times of all packets of all streams.</summary>
/// <param name="header">ffprobe's answer without the packets, JSON.</param>
/// <param name="packets">By stream index.</param>
sealed class MediaListing(ReadOnlyMemory<byte> header, IReadOnlyDictionary<int, PacketTimes> packets)
{
    /// <summary>
    /// The queried fields. A file can choose the shape of none of them except the tags, of which only names and texts are read.
    /// </summary>
    public static string[] Question =>
    [
        "-of", "json=c=1", "-show_entries",
        "packet=stream_index,pts,dts,duration,flags:format=format_name,start_time:format_tags"
            + ":stream=index,codec_type,codec_name,codec_tag_string,width,height,sample_aspect_ratio,field_order,time_base"
            + ",start_time,duration,has_b_frames,r_frame_rate,avg_frame_rate:stream_disposition=attached_pic"
            + ":stream_side_data=side_data_type,rotation"
            + ":stream_tags=DURATION,language,filename,alpha_mode,rotate,timecode"
            + ":program_version=version",
    ];

    /// <summary>ffprobe's answer without the packets, JSON.</summary>
    public ReadOnlyMemory<byte> Header => header;

    /// <summary>Packet times of a stream; empty if it has no packets.</summary>
    public PacketTimes Packets(int stream) => packets.GetValueOrDefault(stream) ?? new();
}
