using System.ComponentModel;
using Rewas.V1;

namespace Rewas.Gateway.Web.Files;

/// <summary>A file that a caller has sent, or is sending.</summary>
sealed record FileView
{
    [Description("Names the file in other calls.")]
    public required string Id { get; init; }

    [Description("The same as id, for clients that read this name.")]
    public string FileId => Id;

    [Description("Always \"file\".")]
    public string Object { get; init; } = "file";

    public required string Name { get; init; }

    [Description("Length of the whole file.")]
    public required long Bytes { get; init; }

    [Description("Bytes that have come. An upload that broke off goes on here.")]
    public required long Received { get; init; }

    [Description("Whether all bytes have come.")]
    public required bool Complete { get; init; }

    [Description("SHA-256 of the bytes of this request, lower-case hexadecimal, if it sent the whole file.")]
    public string? Sha256 { get; init; }

    [Description("When the file is deleted, unless it is used before.")]
    public required DateTimeOffset LeaseEnds { get; init; }

    public static FileView Of(StudioVideo video, string? sha256 = null) => new()
    {
        Id = video.VideoId,
        Name = video.FileName,
        Bytes = video.Bytes,
        Received = video.Received,
        Complete = video.Received == video.Bytes,
        Sha256 = sha256,
        LeaseEnds = video.LeaseEnds.ToDateTimeOffset(),
    };
}

/// <summary>Announces a file whose bytes follow in parts, or that the server fetches.</summary>
sealed record FileAnnouncement
{
    [Description("Length of the whole file. The bytes follow in parts.")]
    public long? Bytes { get; init; }

    [Description(
        "http:// or https:// address of the file, in place of bytes, if the server allows it. The answer comes when it is fetched.")]
    public string? Url { get; init; }

    [Description("For messages only; at most 255 characters. With a url, its last part if absent.")]
    public string Name { get; init; } = "";

    [Description("SHA-256 of the whole file, lower-case hexadecimal. It is checked when all bytes have come.")]
    public string Sha256 { get; init; } = "";
}
