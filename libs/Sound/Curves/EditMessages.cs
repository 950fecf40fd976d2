using System.Collections;
using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Rewas.Clip.Faults;

namespace Rewas.Sound.Curves;

/// <summary>
/// Edits between memory and the wire (protos/rewas/v1/energy_curve.proto). The message of an edit has the name of its record, and a field
/// for each parameter of the record:
/// <c>GainEdit(Range, Decibels)</c> is <c>message GainEdit { range; decibels; }</c>.
/// </summary>
public static class EditMessages
{
    static readonly OneofDescriptor Kinds = V1.CurveEdit.Descriptor.Oneofs.Single();

    /// <summary>The record of each message, by the message's name.</summary>
    static readonly Dictionary<string, ConstructorInfo> Records = typeof(CurveEdit).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(CurveEdit)))
        .ToDictionary(type => type.Name, Constructor);

    /// <summary>The record of each edit, in the order of the message.</summary>
    internal static IEnumerable<Type> RecordTypes => Kinds.Fields.Select(kind => Records[kind.MessageType.Name].DeclaringType!);

    public static V1.CurveEdit ToMessage(this CurveEdit edit)
    {
        var kind = Kinds.Fields.Single(field => field.MessageType.Name == edit.GetType().Name);
        var message = kind.MessageType.Parser.ParseFrom(ByteString.Empty);
        foreach (var parameter in Constructor(edit.GetType()).GetParameters())
            if (edit.GetType().GetProperty(parameter.Name!)!.GetValue(edit) is { } value)
                Set(message, FieldOf(kind.MessageType, parameter), value);
        var whole = new V1.CurveEdit();
        kind.Accessor.SetValue(whole, message);
        return whole;
    }

    /// <summary>Reads the edits of a message, but not more than a curve accepts.</summary>
    /// <exception cref="InputFault">There are too many, or one is empty or incomplete.</exception>
    public static IReadOnlyList<CurveEdit> ToEdits(this IReadOnlyCollection<V1.CurveEdit> messages)
    {
        EnergyCurve.ThrowIfTooManyEdits(messages.Count);
        return [.. messages.Select(message => message.ToEdit())];
    }

    /// <exception cref="InputFault">Empty, or a part of it is absent. Whether it fits a curve is found out when it is applied.</exception>
    public static CurveEdit ToEdit(this V1.CurveEdit message)
    {
        if (Kinds.Accessor.GetCaseFieldDescriptor(message) is not { } kind)
            throw InputFault.Invalid("edit", "must be given, but is absent");
        var (edit, record) = ((IMessage)kind.Accessor.GetValue(message), Records[kind.MessageType.Name]);
        return (CurveEdit)record.Invoke([.. record.GetParameters().Select(parameter =>
            Value(edit, FieldOf(kind.MessageType, parameter), parameter, kind.Name))]);
    }

    static ConstructorInfo Constructor(Type record) => record.GetConstructors().Single();

    /// <summary>"AtSeconds" is at_seconds.</summary>
    static FieldDescriptor FieldOf(MessageDescriptor message, ParameterInfo parameter) =>
        message.Fields.InFieldNumberOrder().Single(field => field.PropertyName == parameter.Name);

    static void Set(IMessage message, FieldDescriptor field, object value)
    {
        if (value is IReadOnlyList<CurvePoint> points)
            foreach (var point in points)
                ((IList)field.Accessor.GetValue(message)).Add(new V1.CurvePoint { Seconds = point.Seconds, Decibels = point.Decibels });
        else
            field.Accessor.SetValue(message, value switch
            {
                TimeRange range => new V1.TimeRange { FromSeconds = range.FromSeconds, ToSeconds = range.ToSeconds },
                EnergyCurve curve => curve.ToMessage(),
                _ => value,
            });
    }

    /// <param name="parameter">Of the record.</param>
    /// <param name="kind">The edit's name on the wire, for faults.</param>
    static object? Value(IMessage edit, FieldDescriptor field, ParameterInfo parameter, string kind)
    {
        if (field.HasPresence && !field.Accessor.HasValue(edit))
            return parameter.HasDefaultValue ? parameter.DefaultValue
                : parameter.ParameterType == typeof(EnergyCurve) ? throw InputFault.Invalid(kind, "must be given, but is absent")
                : parameter.ParameterType == typeof(TimeRange) ? throw InputFault.Invalid(kind, "must name a range, but it is absent")
                : null;
        return field.Accessor.GetValue(edit) switch
        {
            V1.TimeRange range => new TimeRange(range.FromSeconds, range.ToSeconds),
            V1.EnergyCurve curve => curve.ToCurve(kind),
            IEnumerable<V1.CurvePoint> points => points.Select(point => new CurvePoint(point.Seconds, point.Decibels)).ToList(),
            var value => value,
        };
    }
}
