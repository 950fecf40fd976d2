using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Rewas.EndToEnd.Tests.Callers;

/// <summary>The fields of a message, down to messages within it, that can name something: all of its strings.</summary>
static class StringFields
{
    const int DeepestNesting = 4;

    /// <summary>The paths to all strings of a type.</summary>
    public static IEnumerable<FieldDescriptor[]> Of(MessageDescriptor type, int depth = 0) =>
        type.Fields.InFieldNumberOrder().Where(field => !field.IsMap).SelectMany(field => field.FieldType switch
        {
            FieldType.String => [[field]],
            FieldType.Message when depth < DeepestNesting && field.MessageType.File.Package == type.File.Package =>
                Of(field.MessageType, depth + 1).Select(rest => (FieldDescriptor[])[field, .. rest]),
            _ => (FieldDescriptor[][])[],
        });

    /// <summary>Sets a string, and makes the messages on its way.</summary>
    public static void Set(IMessage message, ReadOnlySpan<FieldDescriptor> path, string value)
    {
        var field = path[0];
        if (path.Length == 1 && field.IsRepeated)
            ((IList)field.Accessor.GetValue(message)).Add(value);
        else if (path.Length == 1)
            field.Accessor.SetValue(message, value);
        else if (field.IsRepeated)
        {
            var added = field.MessageType.Parser.ParseFrom(ByteString.Empty);
            ((IList)field.Accessor.GetValue(message)).Add(added);
            Set(added, path[1..], value);
        }
        else
        {
            if (field.Accessor.GetValue(message) is not IMessage inner)
                field.Accessor.SetValue(message, inner = field.MessageType.Parser.ParseFrom(ByteString.Empty));
            Set(inner, path[1..], value);
        }
    }

    /// <summary>All strings that a message holds, by the name of their field.</summary>
    public static IEnumerable<(string Field, string Value)> Values(IMessage message) =>
        message.Descriptor.Fields.InFieldNumberOrder().Where(field => !field.IsMap).SelectMany(field =>
        {
            IEnumerable<object?> values = field.IsRepeated
                ? ((IList)field.Accessor.GetValue(message)).Cast<object?>()
                : field.ContainingOneof is { } choice && choice.Accessor.GetCaseFieldDescriptor(message) != field
                    ? []
                    : [field.Accessor.GetValue(message)];
            return values.SelectMany(value => value switch
            {
                string text => [(field.Name, text)],
                IMessage inner => Values(inner),
                _ => [],
            });
        });
}
